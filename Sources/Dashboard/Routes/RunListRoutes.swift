import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Runs

/// The list of runs and its live updates.
struct RunListRoutes {
    let dashboard: Dashboard

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/about") { _, _ in
            try Response.json([
                "version": dashboard.options.version, "runs": dashboard.options.library.directory.path,
                "flags": dashboard.options.flags,
            ])
        }
        router.get("api/runs") { _, _ in try Response.json(RunList(await dashboard.index.changes())) }
        router.get("api/events") { request, _ in
            let index = dashboard.index
            let last = request.headers[.lastEventID] ?? Query(request).text("since")
            return Response.events { send in
                var revision = last
                var quietSince = ContinuousClock.now
                while !Task.isCancelled {
                    let changes = try await index.changes(since: revision, notOlderThan: .milliseconds(300))
                    if changes.isWhole || !changes.summaries.isEmpty || !changes.removed.isEmpty {
                        try await send(ServerSentEvent.encode(RunList(changes), id: changes.revision))
                        quietSince = .now
                    } else if ContinuousClock.now - quietSince > ServerSentEvent.pulse {
                        try await send(ServerSentEvent.heartbeat)
                        quietSince = .now
                    }
                    revision = changes.revision
                    try await Task.sleep(for: .seconds(1))
                }
            }
        }
    }
}

extension Response {
    /// A stream of server-sent events.
    ///
    /// - Parameter body: sends events until it is canceled or a send fails. It must send something from time to time, or a
    ///   viewer that has left is never detected.
    static func events(
        _ body: @escaping @Sendable (_ send: (ByteBuffer) async throws -> Void) async throws -> Void
    ) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                try await writer.write(ServerSentEvent.opening)
                // The writer must not escape this closure, so the body gets a function that writes to a copy.
                var output = writer
                try await body { try await output.write($0) }
                try await writer.finish(nil)
            })
    }
}

extension HTTPField.Name {
    static let lastEventID = ours("Last-Event-ID")
}
