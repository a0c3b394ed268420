import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The reason a transfer failed, phrased to fit in parentheses.
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
        case .noAnswer(let seconds): "no response within \(seconds.formatted()) seconds"
        case .stalled(let seconds): "no data received for \(seconds.formatted()) seconds"
        case .status(404): "file not found, status 404"
        case .status(let code): "the server responded with status \(code)"
        case .badRange: "the server sent a different range than requested"
        case .incomplete(let received, let expected): "the connection ended after \(received) of \(expected) bytes"
        case .tooLarge(let maximum): "the file is larger than the \(maximum) bytes allowed"
        case .refusedRedirect(let address): "it redirects to \(address.prefix(200)), which is not HTTP"
        case .wrongContents(let reason): reason
        case .unwritable(let reason): reason
        case .connection(let code): Self.reason(code)
        }
    }

    /// Whether the same address may succeed on a retry.
    var isWorthRetrying: Bool {
        switch self {
        case .stalled, .incomplete, .badRange, .connection(.networkConnectionLost): true
        case .status(let code): code == 416 || code >= 500
        case .noAnswer, .tooLarge, .refusedRedirect, .wrongContents, .unwritable, .connection: false
        }
    }

    /// Whether the received data may be the beginning of the right file.
    var leavesUsefulPartial: Bool {
        switch self {
        case .status(416), .badRange, .tooLarge, .wrongContents: false
        default: true
        }
    }

    /// Whether the server delivered a file other than the expected one.
    var isWrongContents: Bool {
        if case .wrongContents = self { true } else { false }
    }

    private static func reason(_ code: URLError.Code) -> String {
        switch code {
        case .cannotFindHost, .dnsLookupFailed: "the host name cannot be resolved"
        case .cannotConnectToHost: "the connection was refused"
        case .notConnectedToInternet: "no network connection"
        case .timedOut: "the server does not respond"
        case .networkConnectionLost: "the connection was lost"
        case .unsupportedURL, .badURL: "the address is not HTTP"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
            "no secure connection"
        default: "the transfer failed, code \(code.rawValue)"
        }
    }
}
