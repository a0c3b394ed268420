import Foundation
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A dashboard that listens, on threads of its own.
///
/// ```swift
/// let server = try DashboardServer.start(DashboardOptions(RunLibrary(directory: runs), version: "1.0"))
/// print(server.address)
/// ```
public final class DashboardServer: Sendable {
    /// What to open in a browser; with the token if there is one.
    public let address: String
    private let task: Task<Void, Never>

    private init(address: String, task: Task<Void, Never>) {
        self.address = address
        self.task = task
    }

    /// Starts a server and waits until it listens.
    ///
    /// - Parameter anyPort: Whether a free port will do if the chosen one is in use.
    /// - Throws: ``DashboardError`` if it cannot listen there.
    public static func start(_ options: DashboardOptions, orAtAnyPort anyPort: Bool = false) throws -> DashboardServer {
        var options = options
        if let token = options.token, token.utf8.count < shortestToken {
            throw DashboardError(
                "EQUIPOISE_TOKEN has \(token.utf8.count) characters; use at least \(shortestToken), or leave it out to get a new one."
            )
        }
        if !options.isLocal, options.token == nil { options.token = Access.newToken() }
        let host = options.host
        let startup = Startup()
        var logger = Logger(label: "equipoise.dashboard")
        logger.logLevel = .critical
        let dashboard = Dashboard(options)
        // So that the list is there when the first page asks for it.
        Task { try? await dashboard.index.changes() }
        let application = Application(
            router: dashboard.router(),
            configuration: ApplicationConfiguration(address: .hostname(host, port: options.port)),
            onServerRunning: { startup.succeed(port: $0.localAddress?.port ?? 0) }, logger: logger)
        let task = Task.detached {
            do {
                try await application.run()
            } catch {
                startup.fail(error)
            }
        }
        do {
            let port = try startup.wait()
            let name = host.contains(":") ? "[\(host)]" : ["0.0.0.0", "::"].contains(host) ? "127.0.0.1" : host
            let query = options.token.map { "?token=\($0)" } ?? ""
            return DashboardServer(address: "http://\(name):\(port)/\(query)", task: task)
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            if anyPort {
                options.port = 0
                return try start(options)
            }
            throw DashboardError(
                "The port \(options.port) is in use; name another with --port, or take any free one with --port 0.")
        } catch {
            throw DashboardError("The dashboard cannot listen at \(host), port \(options.port): \(error)")
        }
    }

    /// Closes every connection.
    public func stop() { task.cancel() }

    private static let shortestToken = 16

    /// What becomes of the start, for the thread that waits for it.
    private final class Startup: Sendable {
        private let result = Mutex<Result<Int, any Error>?>(nil)
        private let isKnown = DispatchSemaphore(value: 0)

        func succeed(port: Int) { settle(.success(port)) }
        func fail(_ error: any Error) { settle(.failure(error)) }

        private func settle(_ new: Result<Int, any Error>) {
            let isFirst = result.withLock { known in
                defer { if known == nil { known = new } }
                return known == nil
            }
            if isFirst { isKnown.signal() }
        }

        func wait() throws -> Int {
            isKnown.wait()
            return try result.withLock { try $0?.get() } ?? 0
        }
    }
}
