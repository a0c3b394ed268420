import Foundation
import GRDB
import Testing

@testable import Dashboard
@testable import Runs

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs that came from elsewhere, with anything in their folders: none of them ends the dashboard, or the training around it.
@Suite struct ForeignRunTests {
    /// SQLite keeps whatever is put into a column.
    @Test(arguments: [
        "UPDATE step SET epoch = 'abc'", "UPDATE step SET wall_time = 'x'", "UPDATE step SET images_seen = x'ff'",
        "UPDATE point SET value = 'abc'", "UPDATE point SET value = x'00ff'", "UPDATE series SET name = x'ff00fe'",
        "INSERT INTO series (name) VALUES ('é'), ('e' || char(769))",
        "UPDATE sample_sheet SET wall_time = 'x', epoch = 'y', step = 'z'", "UPDATE sample_sheet SET file = x'ff'",
        "UPDATE event SET wall_time = 'x', message = x'ff', kind = 3", "UPDATE metadata SET document = x'ff'",
        "UPDATE metadata SET document = '{}'", "UPDATE configuration SET value = x'ff' WHERE path = 'objective'",
        "INSERT INTO configuration VALUES ('old.key', '1')", "DELETE FROM configuration", "DELETE FROM step",
        "INSERT INTO finding VALUES ('odd', 1, NULL, 'no JSON'), ('odder', 'x', 'y', x'ff')",
        "INSERT INTO step VALUES (4611686018427387904, 1, 1, 1), (9223372036854775807, 1, 1, 1)",
        "INSERT INTO step VALUES (-9223372036854775808, 1, 1, 1)",
        "INSERT INTO point VALUES (1, 9223372036854775807, 1), (1, -9223372036854775808, 1)",
        "INSERT INTO point VALUES (1, 9007199254740991, 1), (1, 100, 9e307), (1, 101, -9e307)",
        "UPDATE block SET low = 'x', low_step = 'y', number = 'z' WHERE number = 0",
        "UPDATE block SET count = 'x', total = 'y', non_finite = 'z'",
        "INSERT INTO bins VALUES (1, 'no JSON')", "INSERT INTO bins VALUES ('x', x'ff')", "DROP TABLE point",
        "DROP TABLE metadata", "PRAGMA user_version = 99",
    ])
    func anyDatabaseIsAnswered(sql: String) async throws {
        let site = try await Site.open()
        let writer = try site.run(steps: 300, isFinished: false)
        writer.record(SheetRecord(step: 1, epoch: 1, imagesSeen: 1, file: "samples/a.png", wallTime: 1))
        writer.note("warning", "odd", step: 1)
        try writer.finish(.finished)
        let queue = try DatabaseQueue(path: writer.folder.database.path)
        // Where SQLite itself refuses, as it does in columns of its keys, there is nothing to attack with.
        try? await queue.write { try $0.execute(sql: sql) }
        try queue.close()
        let path = "/api/runs/\(writer.folder.name)"
        for part in [
            "", "/series?name=loss_generator", "/series?name=loss_generator&buckets=1", "/diagnosis", "/bins",
            "/bins?step=5", "/losses.csv", "/samples.zip", "/configuration.yaml", "/sheets/1",
        ] {
            let status = try await site.ask("GET", path + part).status
            #expect([200, 404, 500].contains(status), "\(part): \(status)")
        }
        let means = "/api/means?run=\(writer.folder.name)&name=loss_generator&from=0&to=\(1 << 60)&buckets=5"
        #expect(try await [200, 500].contains(site.ask("GET", means).status))
        let request = "GET \(path)/events?after=0.0.0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        let isAnswered: @Sendable (String) -> Bool = { $0.contains("\n\n") || $0.contains("500") }
        #expect(try await site.send(request, until: isAnswered).hasPrefix("HTTP/1.1 "))
        let list = try await site.ask("GET", "/api/runs")
        #expect(list.status == 200 && list.body.contains(writer.folder.name))
    }

    @Test func whatIsNoPlainFileIsNotRead() async throws {
        let site = try await Site.open()
        let writer = try site.run(isFinished: false)
        let folder = writer.folder
        let secret = site.runs.appending(path: "secret.txt")
        try Data("secret".utf8).write(to: secret)
        let manager = FileManager.default
        try manager.createSymbolicLink(at: folder.console, withDestinationURL: secret)
        try manager.createSymbolicLink(
            at: folder.samples.appending(path: "a.png"), withDestinationURL: secret)
        writer.record(SheetRecord(step: 1, epoch: 1, imagesSeen: 1, file: "samples/a.png", wallTime: 1))
        try writer.finish(.finished)
        let path = "/api/runs/\(folder.name)"
        #expect(try await site.ask("GET", path + "/console").status == 404)
        #expect(try await !site.ask("GET", path + "/samples.zip").body.contains("secret"))
        // A folder that leads out of the run.
        try manager.removeItem(at: folder.samples)
        try onePixel.write(to: site.runs.appending(path: "a.png"))
        try manager.createSymbolicLink(at: folder.samples, withDestinationURL: site.runs)
        #expect(try await site.ask("GET", path + "/sheets/1").status == 404)
    }

    /// A pipe that nobody writes to would keep a reader waiting for ever.
    @Test(arguments: ["console.log", ".lock", "annotations.json", "bins.png", "run.sqlite"])
    func aPipeHoldsNobodyUp(name: String) async throws {
        let site = try await Site.open()
        let folder = try site.run().folder
        let file = folder.directory.appending(path: name)
        try? FileManager.default.removeItem(at: file)
        #expect(mkfifo(file.path, 0o644) == 0)
        for part in ["", "/console", "/centers"] {
            #expect(try await site.ask("GET", "/api/runs/\(folder.name)" + part).status > 0, "\(part)")
        }
        #expect(try await site.ask("GET", "/api/runs").status == 200)
    }

    @Test(arguments: ["a b", "a+b", "100%", "a%20b", "ünïcode é", "a&b=c#d?e"])
    func oddNamesAreFound(name: String) async throws {
        let site = try await Site.open()
        let folder = RunFolder(site.runs.appending(path: name, directoryHint: .isDirectory))
        try FileManager.default.moveItem(at: site.run().folder.directory, to: folder.directory)
        let id = try #require(name.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        #expect(try await site.ask("GET", "/api/runs/\(id)").status == 200)
        let means = try await site.ask("GET", "/api/means?run=\(id)&name=loss_generator&from=1&to=30&buckets=3")
        #expect(means.status == 200 && means.body.contains("15.5"))
        #expect(try await site.ask("DELETE", "/api/runs/\(id)?confirm=\(id)", [site.origin]).status == 204)
        #expect(!folder.exists)
    }

    /// Many half-sent requests take no more than their share; the next viewer is served when one of them is gone.
    @Test func connectionsAreBounded() async throws {
        let site = try await Site.open { $0.mostConnections = 8 }
        let idle = try (0..<8).map { _ in try site.connection() }
        defer { idle.dropFirst().forEach { close($0) } }
        for descriptor in idle { try site.write("GET / HTTP/1.1\r\n", to: descriptor) }
        async let answer = site.ask("GET", "/api/about")
        try await Task.sleep(for: .milliseconds(300))
        close(idle[0])
        #expect(try await answer.status == 200)
    }
}
