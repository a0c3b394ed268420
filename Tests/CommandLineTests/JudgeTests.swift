import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Every command and page that tells the verdict of a run, asked about the same runs.
@Suite struct JudgeTests {
    /// What one of them says: the verdict and the patterns, the most severe first.
    private struct Saying: Equatable, CustomStringConvertible {
        let verdict: String?
        let patterns: [String]

        init(_ diagnosis: [String: Any]?) {
            verdict = diagnosis?["verdict"] as? String
            patterns = (diagnosis?["findings"] as? [[String: Any]] ?? []).compactMap { $0["pattern"] as? String }
        }

        var description: String { "\(verdict ?? "none") \(patterns)" }
    }

    /// Where a list names only the first pattern.
    private struct Line: Equatable {
        let verdict, pattern: String?

        init(_ run: [String: Any]?) {
            verdict = run?["verdict"] as? String
            pattern = (run?["pattern"] as? String).flatMap { $0.isEmpty ? nil : $0 }
        }

        init(_ saying: Saying) { (verdict, pattern) = (saying.verdict, saying.patterns.first) }
    }

    private func json(_ text: String) throws -> Any { try JSONSerialization.jsonObject(with: Data(text.utf8)) }

    private func object(_ text: String) throws -> [String: Any] { try #require(try json(text) as? [String: Any]) }

    /// The address of a dashboard, from its first line.
    private func address(_ pipe: Pipe) throws -> String {
        var text = ""
        while true {
            let data = pipe.fileHandleForReading.availableData
            try #require(!data.isEmpty, "The dashboard has ended: \(text)")
            text += String(decoding: data, as: UTF8.self)
            if let found = text.firstMatch(of: #/http://[^\s/]+:\d+/#) { return String(found.output) }
        }
    }

    private func compare(_ program: Program, runs: String) async throws {
        let list = try #require(try json(program.run("list", "--runs", runs, "--json").output) as? [[String: Any]])
        try #require(!list.isEmpty)
        let (dashboard, output, _) = try program.start(["dashboard", "--runs", runs, "--port", "0"])
        defer { dashboard.terminate() }
        // A report holds the charts' library, which has no part in what it says.
        let charts = program.url.appending(path: "charts.js")
        try Data().write(to: charts)
        let site = try address(output)
        func page(_ path: String) async throws -> [String: Any] {
            let url = try #require(URL(string: site + path))
            return try object(String(decoding: try await URLSession.shared.data(from: url).0, as: UTF8.self))
        }
        let listed = try #require(try await page("/api/runs")["runs"] as? [[String: Any]])
        for line in list {
            let id = try #require(line["id"] as? String)
            let label = line["label"] as? String ?? id
            let said = Saying(try object(program.run("diagnose", id, "--runs", runs, "--json").output))
            #expect(said.verdict != nil, "\(label)")
            #expect(Line(line) == Line(said), "list, \(label)")
            #expect(Line(listed.first { $0["id"] as? String == id }) == Line(said), "the dashboard's list, \(label)")
            #expect(try await Saying(page("/api/runs/\(id)/diagnosis")) == said, "the dashboard's page, \(label)")
            let shown = try object(program.run("show", id, "--runs", runs, "--json").output)
            #expect(Saying(shown["diagnosis"] as? [String: Any]) == said, "show, \(label)")
            let report = try program.run(
                "report", id, "--runs", runs, "-o", "report.html", environment: ["EQUIPOISE_PLOTLY": charts.path])
            try #require(report.code == 0, "report, \(label): \(report.errors)")
            let html = try String(contentsOf: program.url.appending(path: "report.html"), encoding: .utf8)
            #expect(html.contains("\"verdict\":\"\(said.verdict ?? "")\""), "report, \(label)")
            let retry = try program.run("retry", id, "--runs", runs, "--dry-run")
            // There is a remedy only of what was found, and not of all of that.
            #expect([0, 1].contains(retry.code), "retry, \(label): \(retry.errors)")
            #expect(retry.code == 1 || !said.patterns.isEmpty, "retry, \(label): \(retry.output)")
            try compareExports(of: id, label, runs: runs, said, program)
        }
    }

    private func compareExports(
        of id: String, _ label: String, runs: String, _ said: Saying, _ program: Program
    ) throws {
        let shown = try object(program.run("show", id, "--runs", runs, "--json").output)
        let configuration = shown["configuration"] as? [String: Any]
        let objective = configuration?["objective"] as? String ?? "non-saturating"
        for (format, file) in [("csv", "\(id).csv"), ("tensorboard", "\(id)-events")] {
            let export = try program.run("export", id, "--runs", runs, "--format", format, "-o", file)
            #expect(export.code == 0, "\(label): \(export.errors)")
            let outcome = try program.run("diagnose", "--losses", file, "--objective", objective, "--json")
            #expect(Saying(try object(outcome.output)) == said, "\(format), \(label)")
        }
    }

    /// Three short runs: one that has not reached all modes yet, one whose losses explode, and one that is too short to tell.
    @Test func allSayTheSameOfShortRuns() async throws {
        let program = try Program()
        let ring = ["train", "ring", "--quiet", "--threads", "1", "--epochs", "100", "--set"]
        let runs = [
            ["training.maxSteps=300", "--name", "ring"],
            ["training.maxSteps=300", "--learning-rate", "3", "--name", "exploded"],
            ["training.maxSteps=3", "--name", "short"],
        ]
        for flags in runs { #expect(try program.run(ring + flags).code == 0) }
        let list = try #require(try json(program.run("list", "--json").output) as? [[String: Any]])
        #expect(list.map { $0["verdict"] as? String } == ["undecided", "failed", "failed"])
        try await compare(program, runs: "runs")
    }

    /// The recipes of the zoo, or the runs of the folder that `EQUIPOISE_ZOO_RUNS` names.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["EQUIPOISE_LONG_TESTS"] == "1"))
    func allSayTheSameOfTheZoo() async throws {
        let program = try Program()
        if let runs = ProcessInfo.processInfo.environment["EQUIPOISE_ZOO_RUNS"] {
            try await compare(program, runs: runs)
        } else {
            let zoo = try program.run("zoo", "--seeds", "1", "--runs", "zoo", "--json")
            #expect(zoo.code == 0, "\(zoo.errors)")
            try await compare(program, runs: "zoo")
        }
    }
}
