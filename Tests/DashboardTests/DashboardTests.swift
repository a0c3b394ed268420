import Foundation
import Measurements
import NIOCore
import Recipes
import Testing

@testable import Dashboard
@testable import Runs

@Suite struct DashboardTests {
    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// The body of an answer that comes in chunks.
    private func unchunked(_ text: String) -> String {
        var (rest, body) = (text[...], "")
        while let end = rest.range(of: "\r\n"), let size = Int(rest[..<end.lowerBound], radix: 16), size > 0 {
            let bytes = rest[end.upperBound...].utf8
            let stop = bytes.index(bytes.startIndex, offsetBy: size)
            body += String(rest[end.upperBound..<stop])
            rest = rest[stop...].dropFirst(1)
        }
        return body
    }

    @Test func runsAreListedAndFoundAgainOnlyWhenTheyChange() async throws {
        let site = try await Site.open()
        let writer = try site.run(label: "first", steps: 700)
        let index = RunIndex(RunLibrary(directory: site.runs))
        let all = try await index.changes()
        #expect(all.isWhole && all.summaries.map(\.label) == ["first"] && all.summaries[0].lastStep == 700)
        #expect(all.summaries[0].course.count == 40 && all.summaries[0].lastValues[.lossGenerator] == 700)
        let nothing = try await index.changes(since: all.revision)
        #expect(!nothing.isWhole && nothing.summaries.isEmpty && nothing.removed.isEmpty)
        var annotations = RunAnnotations()
        annotations.tags = ["good"]
        try writer.folder.write(annotations)
        let tagged = try await index.changes(since: all.revision)
        #expect(tagged.summaries.map(\.annotations.tags) == [["good"]] && !tagged.isWhole)
        try RunLibrary(directory: site.runs).delete(writer.folder)
        let removed = try await index.changes(since: tagged.revision)
        #expect(removed.removed == [writer.folder.name] && removed.summaries.isEmpty)
        // A page that was opened before the program was started anew gets everything.
        #expect(try await index.changes(since: "other/3").isWhole)
    }

    /// Whoever waits for another one's look goes on when it has ended, however many ask at once.
    @Test(.timeLimit(.minutes(5))) func manyMayAskAtOnce() async throws {
        let site = try await Site.open()
        _ = try site.run(label: "one")
        let index = RunIndex(RunLibrary(directory: site.runs))
        for _ in 0..<100 {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await index.changes().summaries.count } }
                for try await count in group { #expect(count == 1) }
            }
        }
    }

    @Test func parametersThatAllShareAreSaidOnce() async throws {
        let site = try await Site.open()
        _ = try site.run()
        _ = try site.run()
        let list = try json(try await site.ask("GET", "/api/runs").body)
        let common = try #require(list["common"] as? [String: String])
        let runs = try #require(list["runs"] as? [[String: Any]])
        #expect(common["training.batchSize"] == "\(TrainingConfiguration().training.batchSize)" && runs.count == 2)
        #expect(runs.allSatisfy { ($0["parameters"] as? [String: String])?.isEmpty == true })
    }

    @Test func aRunHasItsDetailsAndSeries() async throws {
        let site = try await Site.open()
        let writer = try site.run(steps: 500, isFinished: false)
        writer.record(.loss(501, .nan))
        writer.record(.loss(502, .infinity))
        writer.record(.loss(503, 7))
        writer.record(
            BinRecord(step: 500, bins: [.init(reference: 0.5, samples: 0.1, isDifferent: true, isMissing: false)]))
        try writer.finish(.failed("No <b>memory</b>."))
        let path = "/api/runs/\(writer.folder.name)"
        let details = try json(try await site.ask("GET", path).body)
        #expect(details["state"] as? String == "failed" && details["reason"] as? String == "No <b>memory</b>.")
        #expect(details["steps"] as? Int == 503 && details["series"] as? [String] == ["loss_generator"])
        let series = try await json(
            site.ask("GET", path + "/series?name=loss_generator&name=nothing&from=499&buckets=50").body)
        let line = try #require(series["loss_generator"] as? [String: Any])
        #expect(line["steps"] as? [Int] == [499, 500, 503] && line["values"] as? [Double] == [499, 500, 7])
        #expect((line["marks"] as? [[String: Any]])?.compactMap { $0["value"] as? String } == ["NaN", "Infinity"])
        #expect(series.count == 1)
        let bins = try json(try await site.ask("GET", path + "/bins?step=3").body)
        #expect(bins["steps"] as? [Int] == [500] && bins["hasImages"] as? Bool == false)
        let diagnosis = try json(try await site.ask("GET", path + "/diagnosis").body)
        #expect(diagnosis["verdict"] as? String == "failed")
        #expect((diagnosis["remedies"] as? [[String: Any]])?.isEmpty == false)
    }

    @Test func everythingCanBeTakenAway() async throws {
        let site = try await Site.open()
        let writer = try site.run(steps: 25_000, isFinished: false)
        try onePixel.write(to: writer.folder.samples.appending(path: "epoch-0001.png"))
        writer.record(
            SheetRecord(step: 9, epoch: 1, imagesSeen: 9, file: "samples/epoch-0001.png", wallTime: 1_700_000_000))
        try writer.finish(.finished)
        let path = "/api/runs/\(writer.folder.name)/"
        let csv = try await site.ask("GET", path + "losses.csv")
        #expect(csv.head.contains("attachment; filename=\"\(writer.folder.name).csv\""))
        #expect(unchunked(csv.body) == (try RunReader(writer.folder).csv()))
        #expect(try await unchunked(site.ask("GET", path + "configuration.yaml").body) == TrainingConfiguration().yaml)
    }

    @Test func theConsoleIsReadFromItsEnd() async throws {
        let site = try await Site.open()
        let folder = try site.run().folder
        let text = (0..<20_000).map { "line \($0)\n" }.joined()
        try Data(text.utf8).write(to: folder.console)
        let path = "/api/runs/\(folder.name)/console"
        let last = try json(try await site.ask("GET", path).body)
        let from = try #require(last["from"] as? Int)
        let before = try json(try await site.ask("GET", path + "?before=\(from)").body)
        #expect(from == text.utf8.count - 65536)
        #expect(text.hasSuffix("\(before["text"] as? String ?? "")\(last["text"] as? String ?? "")"))
        #expect(try await site.ask("GET", "/api/runs/\(try site.run().folder.name)/console").status == 404)
    }

    @Test func newsCarryOnlyWhatIsNew() async throws {
        let site = try await Site.open()
        let writer = try site.run(steps: 50, isFinished: false)
        let path = "/api/runs/\(writer.folder.name)/events"
        let request = { (place: String) in "GET \(path) HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: \(place)\r\n\r\n"
        }
        let missed = try await site.send(request("0.48.0"), until: { $0.contains("\"step\":50") })
        #expect(
            missed.contains("id: 0.50.0\n") && missed.contains("\"steps\":[48,49,50]")
                && missed.contains("\"reset\":false"))
        // Of another generation, of a future, or no place at all: start over.
        for place in ["7.48.0", "0.99.0", "x", "-1.2.3"] {
            let text = try await site.send(request(place), until: { $0.contains("\"reset\":") })
            #expect(text.contains("\"reset\":true"), "\(place)")
        }
        // What comes while somebody looks comes once.
        let isWatched = Once()
        let live = try await site.send(
            request("0.50.0"),
            until: { text in
                if text.contains("id: 0.50.0\n"), isWatched.first() { writer.record(.loss(51, 0.25)) }
                return text.contains("id: 0.51.0\n") && text.hasSuffix("\n\n\r\n")
            })
        #expect(live.contains("\"steps\":[50,51]") && live.components(separatedBy: "id: ").count == 3, "\(live)")
        try writer.finish(.finished)
    }

    @Test func whatWasMissedComesFirstWhoeverElseLooks() async throws {
        let site = try await Site.open()
        let writer = try site.run(steps: 50, isFinished: false)
        let feed = RunFeed(writer.folder)
        let another = try await feed.subscribe(from: nil)
        for step in 51...90 {
            writer.record(.loss(step))
            try writer.flush()
            for await event in try await feed.subscribe(from: RunPlace("7.48.0")) {
                #expect(String(buffer: event).contains("\"reset\":true"))
                break
            }
        }
        withExtendedLifetime(another) {}
        try writer.finish(.finished)
    }

    @Test func theListTellsWhatIsNew() async throws {
        let site = try await Site.open()
        let first = try site.run(label: "first")
        let request = "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
        let isWatched = Once()
        let text = try await site.send(
            request,
            until: { text in
                if text.contains("\"whole\":true"), isWatched.first() {
                    var annotations = RunAnnotations()
                    annotations.note = "seen"
                    _ = try? first.folder.write(annotations)
                }
                return text.contains("seen")
            })
        #expect(text.contains("\"whole\":true") && text.contains("\"whole\":false") && text.contains("retry: "))
    }

    @Test func aPortInUseIsSaidAndMayBeAvoided() async throws {
        let site = try await Site.open()
        var options = DashboardOptions(RunLibrary(directory: site.runs), version: "1")
        options.port = site.port
        do {
            _ = try DashboardServer.start(options)
            Issue.record("two at one port")
        } catch let error as DashboardError {
            #expect("\(error)".contains("Port \(site.port) is in use"))
        }
        let other = try DashboardServer.start(options, orAtAnyPort: true)
        defer { other.stop() }
        #expect(other.address != site.server.address && other.address.hasPrefix("http://127.0.0.1:"))
    }

    @Test func meansAreOnOneGrid() async throws {
        let site = try await Site.open()
        let (first, second) = (try site.run(steps: 100), try site.run(steps: 60))
        let query = "run=\(first.folder.name)&run=\(second.folder.name)&name=loss_generator&from=1&to=100&buckets=10"
        let body = try await site.ask("GET", "/api/means?\(query)").body
        let answers = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [[String: Any]])
        #expect(answers.count == 2)
        #expect(answers[0]["steps"] as? [Double] == answers[1]["steps"] as? [Double])
        #expect((answers[0]["means"] as? [Any])?.first as? Double == 5.5)
        #expect((answers[1]["means"] as? [Any])?.last is NSNull)
    }
}
