import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Runs

/// Routes that change runs: tags, notes and the hidden flag, and deletion.
struct AnnotationRoutes {
    let dashboard: Dashboard

    /// Enough for the longest note.
    private static let longestBody = 64 << 10

    func add(to router: Router<BasicRequestContext>) {
        router.put("api/runs/:id/annotations") { request, context in
            let folder = try dashboard.folder(context)
            let body = try await request.body.collect(upTo: Self.longestBody)
            guard let annotations = try? JSONDecoder().decode(RunAnnotations.self, from: Data(body.readableBytesView))
            else {
                throw Problem.badRequest("Invalid body, expected {\"tags\": […], \"note\": \"…\", \"hidden\": false}.")
            }
            return try await Response.json(refusing { try folder.write(annotations) })
        }
        router.delete("api/runs/:id") { request, context in
            let folder = try dashboard.folder(context)
            guard Query(request).text("confirm") == folder.name else {
                throw Problem.badRequest("Deleting a run cannot be undone. To confirm, add ?confirm=\(folder.name).")
            }
            let library = dashboard.options.library
            try await refusing { try library.delete(folder) }
            return Response(status: .noContent)
        }
    }

    /// Reports a run store error to the client as a conflict.
    private func refusing<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await offThread(work)
        } catch let error as RunStoreError {
            throw Problem(status: .conflict, sentence: "\(error)")
        }
    }
}
