import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// A dashboard server that runs on its own threads.
///
/// ```swift
/// let server = try DashboardServer.start(DashboardOptions(RunLibrary(directory: runs), version: "1.0"))
/// print(server.address)
/// ```
public final class DashboardServer: Sendable {
    /// The address to open in a browser, including the token if there is one.
    public let address: String
    private let channel: any Channel

    private init(address: String, channel: any Channel) {
        self.address = address
        self.channel = channel
    }

    /// Starts a server and waits until it listens.
    ///
    /// - Parameter anyPort: whether to pick a free port if the chosen one is in use.
    /// - Throws: ``DashboardError`` if it cannot listen on the address.
    public static func start(_ options: DashboardOptions, orAtAnyPort anyPort: Bool = false) throws -> DashboardServer {
        var options = options
        if let token = options.token, token.utf8.count < shortestToken {
            throw DashboardError(
                "EQUIPOISE_TOKEN has \(token.utf8.count) characters, expected at least \(shortestToken). Unset it to get a new token."
            )
        }
        if !options.isLocal, options.token == nil { options.token = Access.newToken() }
        let host = options.host
        let startup = Startup()
        var logger = Logger(label: "equipoise.dashboard")
        logger.logLevel = .critical
        let dashboard = Dashboard(options)
        // Scan the runs now, so that the list is ready when the first page asks for it.
        Task { try? await dashboard.index.changes() }
        let application = Application(
            router: dashboard.router(), server: .http1(configuration: .init(idleTimeout: .seconds(30))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: options.port),
                availableConnectionsDelegate: MaximumAvailableConnections(options.mostConnections ?? mostConnections)),
            onServerRunning: { startup.succeed($0) }, logger: logger)
        Task.detached {
            do {
                try await application.run()
            } catch {
                startup.fail(error)
            }
        }
        do {
            let channel = try startup.wait()
            let port = channel.localAddress?.port ?? 0
            let name = host.contains(":") ? "[\(host)]" : ["0.0.0.0", "::"].contains(host) ? "127.0.0.1" : host
            let query = options.token.map { "?token=\($0)" } ?? ""
            return DashboardServer(address: "http://\(name):\(port)/\(query)", channel: channel)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            if anyPort {
                options.port = 0
                return try start(options)
            }
            throw DashboardError(
                "Port \(options.port) is in use. Choose another one with --port, or pass --port 0 for any free port.")
        } catch {
            throw DashboardError("Cannot listen on \(host), port \(options.port): \(error) (check --host and --port)")
        }
    }

    /// Stops accepting connections. Open connections last until their viewers leave or the process exits: canceling a
    /// connection at the moment when it is accepted would crash the process (swift-nio 2.101).
    public func stop() { channel.close(promise: nil) }

    private static let shortestToken = 16

    /// Connections use file descriptors. A training in the same process needs some too, so only a quarter is used.
    private static var mostConnections: Int {
        var limit = rlimit()
        #if canImport(Darwin)
            let isKnown = getrlimit(RLIMIT_NOFILE, &limit) == 0
        #else
            let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        #endif
        return isKnown ? max(8, min(256, Int(clamping: limit.rlim_cur) / 4)) : 128
    }

    /// The result of the start, for the thread that waits for it.
    private final class Startup: Sendable {
        private let result = Mutex<Result<any Channel, any Error>?>(nil)
        private let isKnown = DispatchSemaphore(value: 0)

        func succeed(_ channel: any Channel) { settle(.success(channel)) }
        func fail(_ error: any Error) { settle(.failure(error)) }

        private func settle(_ new: Result<any Channel, any Error>) {
            let isFirst = result.withLock { known in
                defer { if known == nil { known = new } }
                return known == nil
            }
            if isFirst { isKnown.signal() }
        }

        func wait() throws -> any Channel {
            isKnown.wait()
            guard let channel = try result.withLock({ try $0?.get() }) else { throw CancellationError() }
            return channel
        }
    }
}
