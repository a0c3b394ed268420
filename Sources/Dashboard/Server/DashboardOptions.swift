public import Runs

/// The settings of a dashboard: which runs it shows, and who can reach it.
public struct DashboardOptions: Sendable {
    /// The runs to show.
    public var library: RunLibrary
    /// The address to listen on. The default is reachable from this machine only.
    public var host = "127.0.0.1"
    /// The port; 0 picks a free one.
    public var port = DashboardOptions.usualPort
    /// The token that viewers must present. An address that other machines can reach needs one.
    public var token: String?
    /// Allowed host names, in addition to `localhost` and addresses.
    public var names: [String] = []
    /// This program's version.
    public var version: String
    /// The command-line flags that select these runs: empty, or ` --runs DIR`.
    public var flags = ""

    /// The maximum number of concurrent connections. By default it follows from the process's file descriptor limit.
    var mostConnections: Int?

    public init(_ library: RunLibrary, version: String) {
        self.library = library
        self.version = version
    }

    public static let usualPort = 6480

    /// Whether the address is reachable from this machine only.
    public var isLocal: Bool { Access.isLoopback(host) }
}

/// The reason that a dashboard cannot start, as a sentence.
public struct DashboardError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
