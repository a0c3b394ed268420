import Diagnostics
import Studies
import Training

extension ZooReport {
    /// The outcomes, the confusion matrix and the shares, for people.
    var lines: [String] {
        let rows = outcomes.map(row)
        let header = [
            "recipe", "seed", "truth", "since", "verdict", "since", "", "modes diversity distance covered copied",
            "patterns",
        ]
        let matrix = [
            ["failed", String(failedAndCalled), String(failedAndMissed), String(failedAndUndecided)],
            ["sound", String(soundAndCalled), String(soundAndLeft), String(soundAndUndecided)],
        ]
        let shares =
            "recall \(significant(recall)), precision \(significant(precision)), false alarms \(significant(falseAlarms))"
        let table = TextTable(header: header, rows: rows).lines
        let counts = TextTable(
            header: ["truth", "judged failed", "not judged failed", "of these undecided"], rows: matrix
        )
        .lines
        let stopped = outcomes.filter { $0.stoppedAt != nil }
        let stops =
            "--on-failure stop would have stopped \(stopped.count) of \(outcomes.count) runs, of which "
            + "\(stopped.count { $0.wasFailedThen == true }) had failed by then"
        return table + [""] + counts + ["", shares, stops] + ZooRetries.lines(retries)
    }

    private func row(_ outcome: ZooOutcome) -> [String] {
        let isRight = outcome.isFailed == outcome.isCalled
        let judgment = isRight ? "" : outcome.isFailed ? "MISSED" : "FALSE ALARM"
        let numbers =
            outcome.final.map {
                [$0.populated, $0.withinDiversity, $0.distance, $0.covered, $0.copied].compactMap(\.self).map(
                    significant)
            } ?? []
        let trueSince = outcome.trueSince.map(String.init) ?? ""
        let saidSince = outcome.saidSince.map(String.init) ?? ""
        let patterns = outcome.patterns.map(\.rawValue).joined(separator: " ")
        return [
            outcome.recipe, String(outcome.seed), words(outcome.label), trueSince, words(outcome.said), saidSince,
            judgment,
            numbers.joined(separator: " "), patterns,
        ]
    }

    private func words(_ failures: [Finding.Failure]) -> String {
        failures.isEmpty ? "sound" : failures.map(\.words).sorted().joined(separator: ", ")
    }
}

/// A table of how often the first remedy helps, by recipe.
enum ZooRetries {
    static func lines(_ retries: [ZooRetry]) -> [String] {
        guard !retries.isEmpty else { return [] }
        let names = retries.map(\.before.recipe).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let rows = names.map { name in
            let own = retries.filter { $0.before.recipe == name }
            let titles = Set(own.map(\.remedy)).sorted().map { title in "\(title) (\(own.count { $0.remedy == title }))"
            }
            return [
                name, String(own.count), String(own.count(where: \.isHealed)),
                String(own.count(where: \.isTrulyHealed)),
                titles.joined(separator: ", "),
            ]
        }
        let header = ["recipe", "failed", "judged sound after", "truly sound after", "first remedy (count)"]
        let all =
            "With the first remedy, \(retries.count(where: \.isHealed)) of \(retries.count) runs are judged sound, and "
            + "\(retries.count(where: \.isTrulyHealed)) truly are."
        return [""] + TextTable(header: header, rows: rows).lines + ["", all]
    }
}
