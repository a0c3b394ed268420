public import Diagnostics
import Measurements
public import Runs
public import Training

/// A run of the zoo: its ground truth and its diagnoses over time.
public struct ZooOutcome: Encodable {
    public struct Truth: Encodable {
        public let step: Int
        public let truth: GroundTruth

        public init(step: Int, truth: GroundTruth) {
            self.step = step
            self.truth = truth
        }
    }

    /// The diagnosis at a step.
    public struct Saying {
        public let step: Int
        public let verdict: Diagnosis.Verdict
        public let failures: Set<Finding.Failure>
        public let patterns: [Pattern]
        public let isAlarm: Bool

        public init(
            step: Int, verdict: Diagnosis.Verdict, failures: Set<Finding.Failure>, patterns: [Pattern], isAlarm: Bool
        ) {
            self.step = step
            self.verdict = verdict
            self.failures = failures
            self.patterns = patterns
            self.isAlarm = isAlarm
        }
    }

    public let recipe: String
    public let seed: Int
    /// The failures that hold at two or more of the last three checkpoints.
    public let label: [Finding.Failure]
    /// The first checkpoint from which on a failure holds in two of any three consecutive checkpoints.
    public let trueSince: Int?
    /// The final verdict.
    public let verdict: Diagnosis.Verdict?
    public let said: [Finding.Failure]
    public let patterns: [Pattern]
    /// The first step from which on the diagnosis reports a failure without interruption.
    public let saidSince: Int?
    public let final: GroundTruth?
    /// The first and last step of each interval in which the diagnosis reported a failure.
    public let saidFailed: [[Int]]

    /// The step of the first alarm.
    public let stoppedAt: Int?
    /// Whether most of the last three checkpoints up to that alarm had truly failed.
    public let wasFailedThen: Bool?

    public init(recipe: String, seed: Int, truths: [Truth], diagnoses: [Saying]) {
        self.recipe = recipe
        self.seed = seed
        let last = truths.suffix(3)
        label = Finding.Failure.allCases.filter { failure in
            2 * last.count { $0.truth.failures.contains(failure) } > last.count
        }
        trueSince = label.isEmpty ? nil : ZooOutcome.start(of: truths)
        verdict = diagnoses.last?.verdict
        let lastFailures = diagnoses.last?.failures ?? []
        said = Finding.Failure.allCases.filter(lastFailures.contains)
        patterns = diagnoses.last?.patterns ?? []
        saidSince = said.isEmpty ? nil : diagnoses.reversed().prefix { !$0.failures.isEmpty }.last?.step
        final = truths.last?.truth
        let stop = diagnoses.first(where: \.isAlarm)?.step
        stoppedAt = stop
        wasFailedThen = stop.map { stop in
            let before = truths.filter { $0.step <= stop }.suffix(3)
            return 2 * before.count { !$0.truth.failures.isEmpty } > before.count
        }
        saidFailed = diagnoses.split(whereSeparator: \.failures.isEmpty).map { said in
            [said.first?.step ?? 0, said.last?.step ?? 0]
        }
    }

    private static func start(of truths: [Truth]) -> Int? {
        var start: Int?
        for index in stride(from: max(0, truths.count - 3), through: 0, by: -1) {
            let three = truths[index..<min(index + 3, truths.count)]
            let failing = three.filter { !$0.truth.failures.isEmpty }
            guard 2 * failing.count > three.count else { break }
            start = failing.first?.step
        }
        return start
    }

    /// Whether the run truly failed.
    public var isFailed: Bool { !label.isEmpty }
    /// Whether the verdict is failed.
    public var isCalled: Bool { !said.isEmpty }
    public var isUndecided: Bool { verdict == .undecided }

    /// Replays the diagnosis of a run as its series grew.
    public static func replay(_ reader: RunReader) throws -> [Saying] {
        var history = History(try reader.configuration())
        var sayings: [Saying] = []
        var alarm = Alarm()
        func say(_ diagnosis: Diagnosis) {
            alarm.receive(diagnosis, of: history)
            let failed = diagnosis.findings.filter { $0.isFailure }
            sayings.append(
                Saying(
                    step: history.lastStep, verdict: diagnosis.verdict, failures: Set(failed.map(\.failure)),
                    patterns: failed.map(\.pattern),
                    isAlarm: alarm.isRinging))
        }
        for measurement in try reader.measurements() {
            history.append(measurement)
            guard measurement.step % (2 * History.stepsPerWindow) == 0 else { continue }
            say(Diagnosis(history, state: .running(isAlarmed: alarm.isRinging)))
        }
        say(try reader.diagnosis())
        return sayings
    }

    private enum CodingKeys: String, CodingKey {
        case recipe, seed, label, trueSince, verdict, said, patterns, saidSince, final, saidFailed, stoppedAt,
            wasFailedThen
    }
}
