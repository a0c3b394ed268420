import Crypto
import Foundation

/// Decides which requests are allowed. It is stateless, so every rule can be tested on its own.
struct Access: Sendable {
    private let token: String?
    private let names: Set<String>
    private let isLocal: Bool

    init(_ options: DashboardOptions) {
        token = options.token
        names = Set(options.names.map { $0.lowercased() })
        isLocal = options.isLocal
    }

    /// The parts of a request that tell where it comes from.
    struct Credentials {
        var host, origin, fetchSite, authorization, cookie: String?
        var isWrite = false
        /// Whether the request is a navigation to the page rather than a request by a script.
        var isNavigation = false
    }

    enum Answer: Equatable {
        case granted
        case refused(String)
        case tokenNeeded
    }

    func answer(_ request: Credentials) -> Answer {
        guard let host = request.host, let name = Access.name(inHost: host), isOurs(name) else {
            return .refused("Unknown host name. To allow it, restart the dashboard with --allow-host NAME.")
        }
        if let origin = request.origin, !Access.isSame(origin, host) {
            return .refused("Cross-site requests are rejected. Open the dashboard by its own address.")
        }
        let site = request.fetchSite ?? "none"
        guard request.isNavigation || ["none", "same-origin"].contains(site) else {
            return .refused("Cross-site requests are rejected. Open the dashboard by its own address.")
        }
        let hasToken = hasToken(request)
        guard token == nil || hasToken else { return .tokenNeeded }
        // The dashboard's own page sends its origin with every write; a program sends the token.
        guard !request.isWrite || request.origin != nil || bearsToken(request) else {
            return .refused("Changes need the dashboard's own page or its token (Authorization: Bearer TOKEN).")
        }
        return .granted
    }

    /// The value of the session cookie that is set once the token was presented; not the token itself.
    var session: String? {
        token.map { Access.hex(SHA256.hash(data: Data("equipoise session \($0)".utf8))) }
    }

    func isToken(_ text: String) -> Bool { token.map { Access.areEqual(text, $0) } ?? false }

    private func hasToken(_ request: Credentials) -> Bool {
        if bearsToken(request) { return true }
        guard let session, let cookie = request.cookie else { return false }
        return cookie.split(separator: ";").contains { part in
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            return pair.count == 2 && pair[0] == cookieName(at: request.host) && Access.areEqual(pair[1], session)
        }
    }

    private func bearsToken(_ request: Credentials) -> Bool {
        guard let header = request.authorization, header.lowercased().hasPrefix("bearer ") else { return false }
        return isToken(header.dropFirst(7).trimmingCharacters(in: .whitespaces))
    }

    /// Includes the port, since browsers send a host's cookies to all its ports and two dashboards need separate cookies.
    func cookieName(at host: String?) -> String {
        let port = host?.split(separator: ":").last.flatMap { Int($0) }
        return "equipoise\(port.map { "_\($0)" } ?? "")"
    }

    /// Compares two strings in a time that depends neither on their lengths nor on where they differ: swift-crypto
    /// compares their digests in constant time.
    static func areEqual(_ first: String, _ second: String) -> Bool {
        SHA256.hash(data: Data(first.utf8)) == SHA256.hash(data: Data(second.utf8))
    }

    // MARK: - Names

    /// Whether the dashboard answers to a host name. In DNS rebinding, an attacker points a name at this machine, and
    /// requests carry that name. So only addresses and allowed names are accepted.
    private func isOurs(_ name: String) -> Bool {
        Access.isLoopback(name) || names.contains(name) || (!isLocal && Access.isAddress(name))
    }

    /// The name in a Host header without the port and brackets; `nil` if it is malformed.
    static func name(inHost host: String) -> String? {
        guard !host.isEmpty, host.utf8.count <= 255, !host.contains(where: { "/@?#\\ ,".contains($0) }) else {
            return nil
        }
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return String(host[host.index(after: host.startIndex)..<end]).lowercased()
        }
        guard let colon = host.firstIndex(of: ":") else { return host.lowercased() }
        guard isPort(host[colon...]) else { return nil }
        return String(host[..<colon]).lowercased()
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && text.count <= 6 && text.dropFirst().utf8.allSatisfy { (48...57).contains($0) }
    }

    /// Whether an Origin header matches the Host header. HTTPS is accepted too, for use behind a proxy.
    static func isSame(_ origin: String, _ host: String) -> Bool {
        ["http://", "https://"].contains { origin.lowercased() == $0 + host.lowercased() }
    }

    static func isLoopback(_ name: String) -> Bool {
        if ["localhost", "::1"].contains(name) { return true }
        return name.hasPrefix("127.") && isVersion4(name)
    }

    static func isAddress(_ name: String) -> Bool {
        isVersion4(name) || (name.contains(":") && name.utf8.allSatisfy { "0123456789abcdef:.".utf8.contains($0) })
    }

    private static func isVersion4(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.allSatisfy { (48...57).contains($0) } && UInt8(part) != nil
            }
    }

    // MARK: - Tokens

    /// A new token of 128 random bits.
    static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<16).map { _ in hex([UInt8.random(in: 0...255, using: &generator)]) }.joined()
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
