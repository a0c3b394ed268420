import Foundation
import HTTPTypes
import Hummingbird
import Runs

/// The dashboard's routes and their shared state.
struct Dashboard: Sendable {
    let options: DashboardOptions
    let index: RunIndex
    let feeds: RunFeeds
    let judge: Judge

    init(_ options: DashboardOptions) {
        self.options = options
        index = RunIndex(options.library)
        feeds = RunFeeds()
        judge = Judge(flags: options.flags)
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.addMiddleware { Gate(access: Access(options)) }
        PageRoutes().add(to: router)
        RunListRoutes(dashboard: self).add(to: router)
        RunRoutes(dashboard: self).add(to: router)
        ImageRoutes(dashboard: self).add(to: router)
        DownloadRoutes(dashboard: self).add(to: router)
        AnnotationRoutes(dashboard: self).add(to: router)
        return router
    }

    /// The run with the ID given in a request. The ID is the name of a folder among the runs, never a path.
    func folder(_ context: BasicRequestContext) throws -> RunFolder {
        try folder(named: context.parameters.require("id").removingPercentEncoding ?? "")
    }

    /// - Parameter name: the name, percent-decoded once.
    func folder(named name: String) throws -> RunFolder {
        guard let id = RunIdentifier(name) else {
            throw Problem.badRequest("Invalid run ID. /api/runs lists the runs.")
        }
        let folder = RunFolder(options.library.directory.appendingPathComponent(id.text, isDirectory: true))
        guard folder.exists else { throw Problem.notFound("Run \(id.text) not found. It may have been deleted.") }
        return folder
    }
}

/// The query parameters of a request, form-decoded once and checked against limits.
struct Query {
    private let parameters: [(name: String, value: String)]

    init(_ request: Request) {
        parameters = (request.uri.query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                let spaced = part.replacing("+", with: " ")
                return spaced.removingPercentEncoding ?? String(spaced)
            }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }

    func text(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    func texts(_ name: String, most: Int) throws -> [String] {
        let values = parameters.filter { $0.name == name }.map(\.value)
        guard values.count <= most else {
            throw Problem.badRequest("Too many values; a request takes at most \(most) of \(name).")
        }
        return values
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = text(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw Problem.badRequest("Invalid \(name); expected \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// The steps from `from` to `to`; `nil` if neither is given.
    func steps() throws -> ClosedRange<Int>? {
        let (from, to) = (try number("from", in: 0...Int.max), try number("to", in: 0...Int.max))
        guard from != nil || to != nil else { return nil }
        guard from ?? 0 <= to ?? .max else { throw Problem.badRequest("Invalid range: from is greater than to.") }
        return (from ?? 0)...(to ?? .max)
    }

    func buckets() throws -> Int { try number("buckets", in: 1...5000) ?? 1000 }
}
