/// How a run ended, or that it has not.
public enum RunOutcome: Hashable, Sendable {
    /// A writer is at work.
    case running
    /// The training reached its end.
    case finished
    /// Someone stopped the training; it can be resumed.
    case stopped
    /// The work failed, for this reason.
    case failed(String)
    /// The writer died. Never stored: readers derive it from a missing lock.
    case interrupted

    /// One word: `running`, `finished`, `stopped`, `failed` or `interrupted`.
    public var name: String {
        switch self {
        case .running: "running"
        case .finished: "finished"
        case .stopped: "stopped"
        case .failed: "failed"
        case .interrupted: "interrupted"
        }
    }
}

extension RunOutcome: CustomStringConvertible {
    /// The word, with a failure's reason.
    public var description: String {
        if case .failed(let message) = self { "failed: \(message)" } else { name }
    }
}

extension RunOutcome: Codable {
    private enum CodingKeys: CodingKey { case state, message }

    /// Decodes `{"state": "failed", "message": "…"}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let state = try container.decode(String.self, forKey: .state)
        switch state {
        case "running": self = .running
        case "finished": self = .finished
        case "stopped": self = .stopped
        case "interrupted": self = .interrupted
        case "failed": self = .failed(try container.decodeIfPresent(String.self, forKey: .message) ?? "")
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .state, in: container, debugDescription: "unknown outcome “\(state)”")
        }
    }

    /// Encodes `{"state": "failed", "message": "…"}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .state)
        if case .failed(let message) = self { try container.encode(message, forKey: .message) }
    }
}
