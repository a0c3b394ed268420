import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Measurements
import NIOCore
import NIOEmbedded
import Recipes
import Synchronization
import Testing

@testable import Dashboard
@testable import Runs

/// The routes of the dashboard, without a network.
@Suite struct PlainRouteTests {
    /// A folder of runs, asked through the dashboard's router.
    private final class RunsFolder: Sendable {
        let runs: URL
        private let dashboard: Dashboard

        init() throws {
            runs = FileManager.default.temporaryDirectory.appending(path: "route-tests-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: runs, withIntermediateDirectories: true)
            dashboard = Dashboard(DashboardOptions(RunLibrary(directory: runs), version: "1.2.3"))
        }

        deinit { try? FileManager.default.removeItem(at: runs) }

        func run(steps: Int = 30, isFinished: Bool = true) throws -> RunWriter {
            try Site.run(in: runs, steps: steps, isFinished: isFinished)
        }

        struct Answer: Sendable {
            let status: Int
            let disposition: String
            let body: String
        }

        func get(_ path: String) async throws -> Answer {
            let context = BasicRequestContext(
                source: ApplicationRequestContextSource(
                    channel: NIOAsyncTestingChannel(), logger: Logger(label: "equipoise.tests")))
            let request = Request(
                head: HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1", path: path),
                body: RequestBody(buffer: ByteBuffer()))
            let response = try await dashboard.router().buildResponder().respond(to: request, context: context)
            let body = Body()
            try await response.body.write(Writer(body: body))
            return Answer(
                status: response.status.code, disposition: response.headers[.contentDisposition] ?? "",
                body: String(buffer: body.bytes.withLock { $0 }))
        }

        /// The body of a response, as it is written.
        private final class Body: Sendable {
            let bytes = Mutex(ByteBuffer())
        }

        private struct Writer: ResponseBodyWriter {
            let body: Body

            func write(_ buffer: ByteBuffer) async throws {
                body.bytes.withLock { _ = $0.writeImmutableBuffer(buffer) }
            }

            func finish(_ trailingHeaders: HTTPFields?) async throws {}
        }
    }

    private func json(_ answer: RunsFolder.Answer) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
    }

    @Test func parametersThatAllShareAreSaidOnce() async throws {
        let site = try RunsFolder()
        _ = try site.run()
        _ = try site.run()
        let list = try json(await site.get("/api/runs"))
        let common = try #require(list["common"] as? [String: String])
        let runs = try #require(list["runs"] as? [[String: Any]])
        #expect(common["training.batchSize"] == "\(TrainingConfiguration().training.batchSize)" && runs.count == 2)
        #expect(runs.allSatisfy { ($0["parameters"] as? [String: String])?.isEmpty == true })
    }

    @Test func aRunHasItsDetailsAndSeries() async throws {
        let site = try RunsFolder()
        let writer = try site.run(steps: 500, isFinished: false)
        writer.record(.loss(501, .nan))
        writer.record(.loss(502, .infinity))
        writer.record(.loss(503, 7))
        writer.record(
            BinRecord(step: 500, bins: [.init(reference: 0.5, samples: 0.1, isDifferent: true, isMissing: false)]))
        try writer.finish(.failed("No <b>memory</b>."))
        let path = "/api/runs/\(writer.folder.name)"
        let details = try json(await site.get(path))
        #expect(details["state"] as? String == "failed" && details["reason"] as? String == "No <b>memory</b>.")
        #expect(details["steps"] as? Int == 503 && details["series"] as? [String] == ["loss_generator"])
        let series = try await json(
            site.get(path + "/series?name=loss_generator&name=nothing&from=499&buckets=50"))
        let line = try #require(series["loss_generator"] as? [String: Any])
        #expect(line["steps"] as? [Int] == [499, 500, 503] && line["values"] as? [Double] == [499, 500, 7])
        #expect((line["marks"] as? [[String: Any]])?.compactMap { $0["value"] as? String } == ["NaN", "Infinity"])
        #expect(series.count == 1)
        let bins = try json(await site.get(path + "/bins?step=3"))
        #expect(bins["steps"] as? [Int] == [500] && bins["hasImages"] as? Bool == false)
        let diagnosis = try json(await site.get(path + "/diagnosis"))
        #expect(diagnosis["verdict"] as? String == "failed")
        #expect((diagnosis["remedies"] as? [[String: Any]])?.isEmpty == false)
    }

    @Test func everythingCanBeTakenAway() async throws {
        let site = try RunsFolder()
        let writer = try site.run(steps: 25_000, isFinished: false)
        try onePixel.write(to: writer.folder.samples.appending(path: "epoch-0001.png"))
        writer.record(
            SheetRecord(step: 9, epoch: 1, imagesSeen: 9, file: "samples/epoch-0001.png", wallTime: 1_700_000_000))
        try writer.finish(.finished)
        let path = "/api/runs/\(writer.folder.name)/"
        let csv = try await site.get(path + "losses.csv")
        #expect(csv.disposition.contains("attachment; filename=\"\(writer.folder.name).csv\""))
        #expect(csv.body == (try RunReader(writer.folder).csv()))
        #expect(try await site.get(path + "configuration.yaml").body == TrainingConfiguration().yaml)
    }

    @Test func theConsoleIsReadFromItsEnd() async throws {
        let site = try RunsFolder()
        let folder = try site.run().folder
        let text = (0..<20_000).map { "line \($0)\n" }.joined()
        try Data(text.utf8).write(to: folder.console)
        let path = "/api/runs/\(folder.name)/console"
        let last = try json(await site.get(path))
        let from = try #require(last["from"] as? Int)
        let before = try json(await site.get(path + "?before=\(from)"))
        #expect(from == text.utf8.count - 65536)
        #expect(text.hasSuffix("\(before["text"] as? String ?? "")\(last["text"] as? String ?? "")"))
        #expect(try await site.get("/api/runs/\(try site.run().folder.name)/console").status == 404)
    }

    @Test func meansAreOnOneGrid() async throws {
        let site = try RunsFolder()
        let (first, second) = (try site.run(steps: 100), try site.run(steps: 60))
        let query = "run=\(first.folder.name)&run=\(second.folder.name)&name=loss_generator&from=1&to=100&buckets=10"
        let body = try await site.get("/api/means?\(query)").body
        let answers = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [[String: Any]])
        #expect(answers.count == 2)
        #expect(answers[0]["steps"] as? [Double] == answers[1]["steps"] as? [Double])
        #expect((answers[0]["means"] as? [Any])?.first as? Double == 5.5)
        #expect((answers[1]["means"] as? [Any])?.last is NSNull)
    }
}
