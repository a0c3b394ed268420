/// The outcome of a run, including that it has not ended yet.
public enum RunOutcome: Hashable, Sendable {
    /// A writer is active.
    case running
    /// Training completed.
    case finished
    /// The user stopped training; the run can be resumed.
    case stopped
    /// The run failed, for the given reason.
    case failed(String)
    /// The writer died. This is never stored: readers derive it from the missing lock.
    case interrupted

    /// The outcome as one word: `running`, `finished`, `stopped`, `failed` or `interrupted`.
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
    /// The word, followed by the reason if the run failed.
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
