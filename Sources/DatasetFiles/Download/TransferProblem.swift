import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Why a transfer failed, in words that fit between parentheses.
enum TransferProblem: Error, CustomStringConvertible {
    case noAnswer(seconds: TimeInterval)
    case stalled(seconds: TimeInterval)
    case status(Int)
    case badRange
    case incomplete(received: Int, expected: Int)
    case tooLarge(maximumBytes: Int)
    case refusedRedirect(String)
    case wrongContents(String)
    case unwritable(String)
    case connection(URLError.Code)

    var description: String {
        switch self {
        case .noAnswer(let seconds): "no answer within \(seconds.formatted()) seconds"
        case .stalled(let seconds): "nothing more arrived for \(seconds.formatted()) seconds"
        case .status(404): "the file is not there, status 404"
        case .status(let code): "the server answered with the status \(code)"
        case .badRange: "the server sent another part than was asked for"
        case .incomplete(let received, let expected): "the connection ended after \(received) of \(expected) bytes"
        case .tooLarge(let maximum): "the file is larger than the \(maximum) bytes allowed"
        case .refusedRedirect(let address): "it redirects to \(address.prefix(200)), which is not HTTP"
        case .wrongContents(let reason): reason
        case .unwritable(let reason): reason
        case .connection(let code): Self.reason(code)
        }
    }

    /// Whether the same address may succeed a moment later.
    var isWorthRetrying: Bool {
        switch self {
        case .stalled, .incomplete, .badRange, .connection(.networkConnectionLost): true
        case .status(let code): code == 416 || code >= 500
        case .noAnswer, .tooLarge, .refusedRedirect, .wrongContents, .unwritable, .connection: false
        }
    }

    /// Whether what has arrived may be the beginning of the file.
    var leavesUsefulPartial: Bool {
        switch self {
        case .status(416), .badRange, .tooLarge, .wrongContents: false
        default: true
        }
    }

    /// Whether the server delivered a file, and not the one that is known.
    var isWrongContents: Bool {
        if case .wrongContents = self { true } else { false }
    }

    private static func reason(_ code: URLError.Code) -> String {
        switch code {
        case .cannotFindHost, .dnsLookupFailed: "its name cannot be resolved"
        case .cannotConnectToHost: "it refuses the connection"
        case .notConnectedToInternet: "there is no network"
        case .timedOut: "it does not answer"
        case .networkConnectionLost: "the connection was lost"
        case .unsupportedURL, .badURL: "the address is not HTTP"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
            "no secure connection"
        default: "the transfer failed, code \(code.rawValue)"
        }
    }
}
