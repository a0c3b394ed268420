import Diagnostics
import Measurements
import Training

/// How often the diagnosis is right.
struct ZooReport: Encodable {
    let outcomes: [ZooOutcome]
    let retries: [ZooRetry]
    let failedAndCalled, failedAndMissed, soundAndCalled, soundAndLeft: Int
    /// How many of those that are not called failed are undecided.
    let failedAndUndecided, soundAndUndecided: Int
    /// Of the failed runs, the share that is called failed.
    let recall: Double
    /// Of those called failed, the share that is.
    let precision: Double
    /// Of the sound runs, the share that is called failed.
    let falseAlarms: Double

    init(_ outcomes: [ZooOutcome], _ retries: [ZooRetry] = []) {
        self.outcomes = outcomes
        self.retries = retries
        func count(_ isFailed: Bool, _ isCalled: Bool) -> Int {
            outcomes.count { $0.isFailed == isFailed && $0.isCalled == isCalled }
        }
        (failedAndCalled, failedAndMissed) = (count(true, true), count(true, false))
        (soundAndCalled, soundAndLeft) = (count(false, true), count(false, false))
        failedAndUndecided = outcomes.count { $0.isFailed && $0.isUndecided }
        soundAndUndecided = outcomes.count { !$0.isFailed && $0.isUndecided }
        func share(_ part: Int, _ rest: Int) -> Double { part + rest > 0 ? Double(part) / Double(part + rest) : .nan }
        recall = share(failedAndCalled, failedAndMissed)
        precision = share(failedAndCalled, soundAndCalled)
        falseAlarms = share(soundAndCalled, soundAndLeft)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(outcomes, forKey: .outcomes)
        if !retries.isEmpty { try container.encode(retries, forKey: .retries) }
        for (key, value) in [
            (CodingKeys.failedAndCalled, failedAndCalled), (.failedAndMissed, failedAndMissed),
            (.soundAndCalled, soundAndCalled), (.soundAndLeft, soundAndLeft),
            (.failedAndUndecided, failedAndUndecided), (.soundAndUndecided, soundAndUndecided),
        ] { try container.encode(value, forKey: key) }
        for (key, value) in [(CodingKeys.recall, recall), (.precision, precision), (.falseAlarms, falseAlarms)] {
            try container.encode(JSONNumber(value), forKey: key)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case outcomes, retries, failedAndCalled, failedAndMissed, soundAndCalled, soundAndLeft,
            failedAndUndecided, soundAndUndecided, recall, precision, falseAlarms
    }

    var lines: [String] {
        let rows = outcomes.map(row)
        let header = [
            "recipe", "seed", "truth", "since", "said", "since", "", "modes diversity distance covered copied",
            "patterns",
        ]
        let matrix = [
            ["failed", String(failedAndCalled), String(failedAndMissed), String(failedAndUndecided)],
            ["sound", String(soundAndCalled), String(soundAndLeft), String(soundAndUndecided)],
        ]
        let shares =
            "recall \(significant(recall)), precision \(significant(precision)), false alarms \(significant(falseAlarms))"
        let table = TextTable(header: header, rows: rows).lines
        let counts = TextTable(header: ["truth", "called failed", "not called", "of these undecided"], rows: matrix)
            .lines
        let stopped = outcomes.filter { $0.stoppedAt != nil }
        let stops =
            "--on-failure stop would have stopped \(stopped.count) of \(outcomes.count) runs, of which "
            + "\(stopped.count { $0.wasFailedThen == true }) were failed then"
        return table + [""] + counts + ["", shares, stops] + ZooRetries.lines(retries)
    }

    private func row(_ outcome: ZooOutcome) -> [String] {
        let isRight = outcome.isFailed == outcome.isCalled
        let judgement = isRight ? "" : outcome.isFailed ? "MISSED" : "FALSE ALARM"
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
            judgement,
            numbers.joined(separator: " "), patterns,
        ]
    }

    private func words(_ failures: [Finding.Failure]) -> String {
        failures.isEmpty ? "sound" : failures.map(\.words).sorted().joined(separator: ", ")
    }
}
