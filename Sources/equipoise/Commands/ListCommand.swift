import ArgumentParser
import Diagnostics
import Foundation
import Measurements
import Runs

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the runs, newest first.",
        discussion: """
            Example:
              equipoise list --runs runs
            """)

    @OptionGroup var runs: RunsOption
    @Flag(help: "Print JSON only.") var json = false

    func run() throws {
        try runs.library.check()
        let summaries = runs.library.list()
        if json {
            try emit(try JSONText.encode(summaries.map(Entry.init)))
            return
        }
        guard !summaries.isEmpty else {
            try emit("There are no runs in \(runs.library.directory.path) yet; start one with: equipoise train quick")
            return
        }
        let rows = summaries.map { summary in
            [
                summary.id, summary.label ?? "", summary.recipe ?? "", summary.status?.name ?? "broken",
                summary.judgment.map(words) ?? "",
                summary.lastStep.map(String.init) ?? "", summary.duration.map(duration) ?? "",
                summary.lastValues[.lossGenerator].map(threeDecimals) ?? "",
                summary.lastValues[.lossDiscriminatorReal].map(threeDecimals) ?? "",
                summary.lastValues[.lossDiscriminatorFake].map(threeDecimals) ?? "",
            ]
        }
        let header = ["run", "label", "recipe", "state", "verdict", "step", "time", "generator", "real", "fake"]
        try TextTable(header: header, rows: rows).lines.forEach { try emit($0) }
        for summary in summaries { if let problem = summary.problem { complain(problem) } }
    }

    /// The verdict, with the worst pattern.
    private func words(_ judgment: RunSummary.Judgment) -> String {
        judgment.verdict.rawValue + (judgment.pattern.isEmpty ? "" : ": \(judgment.pattern)")
    }

    private struct Entry: Encodable {
        let id: String
        let label: String?
        let recipe: String?
        let state: String
        let verdict: Diagnosis.Verdict?
        let pattern: String?
        let step: Int?
        let seconds: Double?
        let losses: [String: JSONNumber]
        let problem: String?

        init(_ summary: RunSummary) {
            id = summary.id
            label = summary.label
            recipe = summary.recipe
            state = summary.status?.name ?? "broken"
            verdict = summary.judgment?.verdict
            pattern = summary.judgment.flatMap { $0.pattern.isEmpty ? nil : $0.pattern }
            step = summary.lastStep
            seconds = summary.duration
            losses = Dictionary(
                uniqueKeysWithValues: summary.lastValues.map { ($0.key.rawValue, JSONNumber($0.value)) })
            problem = summary.problem
        }
    }
}
