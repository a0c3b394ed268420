import Foundation
import Measurements
import NIOCore
import Recipes
import Testing

@testable import Dashboard
@testable import Runs

@Suite struct DashboardTests {
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
}
