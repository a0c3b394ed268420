public import Runs

/// What a dashboard shows, and to whom.
public struct DashboardOptions: Sendable {
    /// The runs that are shown.
    public var library: RunLibrary
    /// The address to listen at; only programs of this machine reach the usual one.
    public var host = "127.0.0.1"
    /// The port; 0 takes a free one.
    public var port = DashboardOptions.usualPort
    /// What who looks must know. An address that other machines reach needs one.
    public var token: String?
    /// Names by which the dashboard may be asked, beside `localhost` and addresses.
    public var names: [String] = []
    /// This program's version.
    public var version: String
    /// What the command line needs to find these runs: nothing, or ` --runs DIR`.
    public var flags = ""

    /// How many connections are served at once; by what the process may open without it.
    var mostConnections: Int?

    public init(_ library: RunLibrary, version: String) {
        self.library = library
        self.version = version
    }

    public static let usualPort = 6480

    /// Whether only programs of this machine can reach the address.
    public var isLocal: Bool { Access.isLoopback(host) }
}

/// Why a dashboard cannot be shown, in a sentence.
public struct DashboardError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
