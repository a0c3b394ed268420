import Foundation
import HTTPTypes
import Hummingbird
import Runs

/// The dashboard's routes and what they share.
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
        let router = Router()
        router.addMiddleware { Gate(access: Access(options)) }
        PageRoutes().add(to: router)
        RunListRoutes(dashboard: self).add(to: router)
        RunRoutes(dashboard: self).add(to: router)
        PictureRoutes(dashboard: self).add(to: router)
        DownloadRoutes(dashboard: self).add(to: router)
        AnnotationRoutes(dashboard: self).add(to: router)
        return router
    }

    /// The run that a request names by its id: the name of a folder among the runs, never a path.
    func folder(_ context: BasicRequestContext) throws -> RunFolder {
        try folder(named: context.parameters.require("id"))
    }

    func folder(named encoded: String) throws -> RunFolder {
        guard let name = encoded.removingPercentEncoding, let id = RunIdentifier(name) else {
            throw Problem.badRequest("That is no run's id.")
        }
        let folder = RunFolder(options.library.directory.appendingPathComponent(id.text, isDirectory: true))
        guard folder.exists else { throw Problem.notFound("There is no run \(id.text); it may have been deleted.") }
        return folder
    }
}

/// The parameters of a request's query, within bounds.
struct Query {
    private let parameters: Parameters

    init(_ request: Request) { parameters = request.uri.queryParameters }

    func texts(_ name: String, most: Int) throws -> [String] {
        let values = parameters[values: name[...]].map(String.init)
        guard values.count <= most else {
            throw Problem.badRequest("At most \(most) of \(name) can be asked for at once.")
        }
        return values
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = parameters[name[...]] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw Problem.badRequest("\(name) takes \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// The steps from `from` to `to`, where either is given.
    func steps() throws -> ClosedRange<Int>? {
        let (from, to) = (try number("from", in: 0...Int.max), try number("to", in: 0...Int.max))
        guard from != nil || to != nil else { return nil }
        guard from ?? 0 <= to ?? .max else { throw Problem.badRequest("from is greater than to.") }
        return (from ?? 0)...(to ?? .max)
    }

    func buckets() throws -> Int { try number("buckets", in: 1...5000) ?? 1000 }
}
