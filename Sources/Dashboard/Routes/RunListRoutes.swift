import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Runs

/// The list of runs, whole and as it changes.
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
    /// - Parameter body: Sends events until it is cancelled or a send fails; it has to send something now and then, or a viewer
    ///   that is gone is never found out.
    static func events(
        _ body: @escaping @Sendable (_ send: (ByteBuffer) async throws -> Void) async throws -> Void
    ) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                try await writer.write(ServerSentEvent.opening)
                // The writer may not leave this closure, so the loop is handed a function of a copy.
                var output = writer
                try await body { try await output.write($0) }
                try await writer.finish(nil)
            })
    }
}

extension HTTPField.Name {
    static let lastEventID = ours("Last-Event-ID")
}
