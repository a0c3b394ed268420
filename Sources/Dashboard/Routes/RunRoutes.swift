import Foundation
import HTTPTypes
import Hummingbird
import Measurements
import Runs

/// The routes of a run's page: details, series, diagnosis, bins, classes, console and live updates.
struct RunRoutes {
    let dashboard: Dashboard

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/runs/:id") { _, context in
            let folder = try dashboard.folder(context)
            return try Response.json(await offThread { try RunDetails(RunReader(folder)) })
        }
        router.get("api/runs/:id/series") { request, context in
            let (folder, query) = (try dashboard.folder(context), Query(request))
            let names = try query.texts("name", most: 64).map { SeriesName($0) }
            let (steps, buckets) = (try query.steps(), try query.buckets())
            let lines = try await offThread {
                try RunReader(folder).reductions(of: names, in: steps, buckets: buckets)
            }
            return try Response.json(Dictionary(uniqueKeysWithValues: lines.map { ($0.key.rawValue, $0.value) }))
        }
        router.get("api/runs/:id/diagnosis") { _, context in
            try Response.json(await dashboard.judge.diagnosis(of: dashboard.folder(context)))
        }
        router.get("api/runs/:id/bins") { request, context in
            let folder = try dashboard.folder(context)
            let step = try Query(request).number("step", in: 0...Int.max)
            return try Response.json(await offThread { try BinAnswer(RunReader(folder), near: step) })
        }
        router.get("api/runs/:id/classes") { request, context in
            let folder = try dashboard.folder(context)
            let step = try Query(request).number("step", in: 0...Int.max)
            return try Response.json(await offThread { try ClassAnswer(RunReader(folder), near: step) })
        }
        router.get("api/runs/:id/console") { request, context in
            let folder = try dashboard.folder(context)
            let end = try Query(request).number("before", in: 0...Int.max)
            return try Response.json(await offThread { try ConsoleAnswer(folder, before: end) })
        }
        router.get("api/runs/:id/events") { request, context in
            let folder = try dashboard.folder(context)
            let text = request.headers[.lastEventID] ?? Query(request).text("after")
            let news = try await dashboard.feeds.events(of: folder, from: text.flatMap { RunPlace($0) })
            return Response.events { send in for await event in news { try await send(event) } }
        }
        router.get("api/means") { request, _ in
            let query = Query(request)
            let folders = try query.texts("run", most: 100).map(dashboard.folder(named:))
            guard let series = try query.texts("name", most: 1).first, let steps = try query.steps(),
                steps.upperBound < Int.max
            else { throw Problem.badRequest("Missing query parameters; /api/means needs name, from and to.") }
            let buckets = try query.buckets()
            return try Response.json(
                await offThread {
                    try folders.map {
                        try RunReader($0).means(of: SeriesName(series), in: steps, buckets: buckets)
                    }
                })
        }
    }
}

/// The bins of the evaluation nearest to a step.
struct BinAnswer: Encodable {
    let steps: [Int]
    let record: BinRecord?
    let hasImages: Bool

    init(_ reader: RunReader, near step: Int?) throws {
        let all = try reader.binSteps()
        let nearest = step.flatMap { step in all.min { abs($0 - step) < abs($1 - step) } } ?? all.last
        steps = all
        record = try nearest.flatMap { try reader.bins(at: $0) }
        hasImages = FileManager.default.fileExists(atPath: reader.folder.bins.path)
    }
}

/// The class shares of the samples at the evaluation nearest to a step. The record is `nil` if the data has no labels.
struct ClassAnswer: Encodable {
    let record: ClassRecord?

    init(_ reader: RunReader, near step: Int?) throws { record = try reader.classes(near: step) }
}

/// A part of a run's terminal output.
struct ConsoleAnswer: Encodable {
    let text: String
    /// The offset of this part in the file, which is the end of the part before it.
    let from: Int

    private static let length = 64 << 10

    init(_ folder: RunFolder, before end: Int?) throws {
        guard let file = folder.open(folder.console) else {
            throw Problem.notFound("This run has no console log (console.log).")
        }
        defer { try? file.close() }
        let size = Int(clamping: try file.seekToEnd())
        let to = min(end ?? size, size)
        from = max(0, to - ConsoleAnswer.length)
        try file.seek(toOffset: UInt64(from))
        let data = try file.read(upToCount: to - from) ?? Data()
        text = String(decoding: data, as: UTF8.self)
    }
}
