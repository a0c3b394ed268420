public import Runs

/// What is to be said of a training: the verdict, what was found, and what could not be seen.
public struct Diagnosis: Sendable, Equatable {
    public enum Verdict: String, Codable, Sendable {
        case healthy, warning, failed

        /// What findings of these severities amount to.
        public init(severities: [Double]) {
            self = severities.isEmpty ? .healthy : severities.contains { $0 >= 0.5 } ? .failed : .warning
        }

        /// What the open findings of a live run amount to; `nil` before there can be any.
        public init?(severities: [Double], afterSteps steps: Int) {
            guard !severities.isEmpty || steps >= Thresholds.persistence * History.stepsPerWindow else { return nil }
            self.init(severities: severities)
        }
    }

    public var verdict: Verdict
    /// Most severe first.
    public var findings: [Finding]
    /// What else is worth knowing, such as that the training still gets better.
    public var notes: [String]
    /// What could not be judged, and what that would need.
    public var unseen: [String]

    /// Judges a training by all rules.
    public init(_ history: History, rules: [any Rule] = Rules.all) {
        let applicable = rules.filter { $0.applies(to: history.objective) }
        var findings = applicable.compactMap { rule in
            Diagnosis.canSee(rule, history) ? rule.finding(in: history) : nil
        }
        var notes = Progress.notes(history)
        func mute(_ note: String, where isMuted: (Finding) -> Bool) {
            let places = findings.indices.filter { findings[$0].severity >= 0.5 && isMuted(findings[$0]) }
            for place in places { findings[place].severity = Diagnosis.mutedSeverity }
            if !places.isEmpty { notes.append(note) }
        }
        if findings.allSatisfy(\.pattern.isOfLosses) {
            mute("The losses look like a failure, but the samples do not, so it is only a warning.") {
                Diagnosis.samplesAreFair(history, since: $0.sinceStep)
            }
        }
        if Diagnosis.hasOnlyBegun(history) {
            mute("The training has only begun, and what the samples lack may still come, so it is only a warning.") {
                !$0.pattern.isOfLosses && $0.pattern != .nonFinite
            }
        }
        findings.sort { $0.severity > $1.severity }
        for index in findings.indices {
            findings[index].remedies = RemedyCatalog.remedies(for: findings[index], history.configuration)
        }
        verdict = Verdict(severities: findings.map(\.severity))
        self.findings = findings
        self.notes = notes
        unseen = Diagnosis.unseen(history, applicable, all: rules)
        if findings.contains(where: { $0.pattern == .partialCollapse }) { unseen.removeAll { $0 == Diagnosis.tooFew } }
    }

    /// What helps, each remedy once, with the positions of the findings that it helps against; most promising first.
    public var remedies: [(remedy: Remedy, findings: [Int])] {
        var all: [(remedy: Remedy, findings: [Int])] = []
        for (index, finding) in findings.enumerated() {
            for remedy in finding.remedies {
                if let place = all.firstIndex(where: { $0.remedy == remedy }) {
                    all[place].findings.append(index)
                } else {
                    all.append((remedy, [index]))
                }
            }
        }
        // What helps against a failure comes before what helps against a warning.
        func rank(_ entry: (remedy: Remedy, findings: [Int])) -> (Int, Int) {
            let isUrgent = entry.findings.contains { findings[$0].severity >= 0.5 }
            return (isUrgent ? 0 : 1, RemedyCatalog.place(of: entry.remedy))
        }
        return all.sorted { rank($0) < rank($1) }
    }

    /// The remedies that change a configuration, and of each the summary of the worst finding that it helps against.
    public var changes: [(remedy: Remedy, reason: String)] {
        remedies.filter { !$0.remedy.change.isEmpty }.map { remedy, positions in
            (remedy, positions.first.map { findings[$0].summary } ?? "")
        }
    }

    /// Whether a history holds enough to judge anything by: samples, or losses for long enough.
    public static func canJudge(_ history: History) -> Bool {
        history.has(.diversity)
            || [SeriesName.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake].contains { series in
                history.windows(series).count >= Thresholds.persistence || history.firstNonFinite(series) != nil
            }
    }

    private static let mutedSeverity = 0.45
    private static let tooFew = "The samples are too few to tell whether modes are missing; some hundreds are needed."

    /// Whether a training is so young that samples which do not look like the data say nothing of how it will go.
    private static func hasOnlyBegun(_ history: History) -> Bool {
        // A run that goes on from another one's checkpoint is older than its series.
        history.has(.lossGenerator) && history.windows(.lossGenerator).count < Thresholds.settling
            && history.lastStep < Thresholds.settling * History.stepsPerWindow
    }

    /// Whether the newest samples look like the data, long after a step from which the losses do not: then what the losses
    /// seem to say is not the whole truth.
    private static func samplesAreFair(_ history: History, since step: Int) -> Bool {
        func newest(_ series: SeriesName) -> [Window] {
            Array(history.windows(series).suffix(history.evaluationsNeeded))
        }
        let (coverages, precisions) = (newest(.coverage), newest(.precision))
        guard let first = coverages.first, coverages.count == history.evaluationsNeeded,
            let noise = newest(.jensenShannonHeldOut).last
        else { return false }
        // Two evaluations since it began, the last of them not long ago.
        let isRecent =
            first.lastStep > step
            && 2 * (history.lastStep - step) <= 3 * (coverages[coverages.count - 1].lastStep - step)
        return isRecent && noise.mean <= Thresholds.blurredDivergence
            && coverages.allSatisfy { $0.mean > Thresholds.fairCoverage }
            && precisions.allSatisfy { $0.mean > Thresholds.fairPrecision }
    }

    /// Whether a rule has all that it looks at.
    private static func canSee(_ rule: any Rule, _ history: History) -> Bool {
        rule.signals.allSatisfy(history.has) || rule is NonFinite
    }

    private static func unseen(_ history: History, _ applicable: [any Rule], all: [any Rule]) -> [String] {
        var lines: [String] = []
        let blind = applicable.filter { !canSee($0, history) }
        let missing = Set(blind.flatMap(\.signals).filter { !history.has($0) })
        if !missing.isDisjoint(with: SeriesName.perEvaluation) {
            if !history.has(.diversity) {
                lines.append(
                    "Mode collapse and the samples' quality were not judged: there are no samples, only losses.")
            } else if missing.contains(.binDrift) {
                lines.append("One look at the samples does not show whether modes come and go.")
            }
        }
        if let real = history.windows(.jensenShannonHeldOut).last, real.mean > Thresholds.blurredDivergence {
            lines.append(tooFew)
        }
        if let note = Blindness.note(history) { lines.append(note) }
        let steps = missing.subtracting(SeriesName.perEvaluation)
        if !steps.isEmpty {
            let patterns = blind.filter { !steps.isDisjoint(with: $0.signals) }.map(\.pattern.rawValue)
            lines.append(
                "Without \(steps.map(\.rawValue).sorted().joined(separator: ", ")) these patterns were not looked for: "
                    + "\(patterns.joined(separator: ", ")).")
        }
        let other = all.filter { rule in !applicable.contains { $0.pattern == rule.pattern } }.map(\.pattern.rawValue)
        if !other.isEmpty {
            lines.append(
                "These patterns have no meaning for the objective \(history.objective.rawValue): \(other.joined(separator: ", "))."
            )
        }
        let longest = history.windows(.lossGenerator).count
        if history.has(.lossGenerator), longest < Thresholds.persistence {
            lines.append(
                "The training is too short for most patterns, which need \(Thresholds.persistence) windows of steps; it has \(longest)."
            )
        }
        return lines
    }
}

extension Diagnosis: Codable {}

/// Whether a training still gets better.
enum Progress {
    static func notes(_ history: History) -> [String] {
        let values = history.windows(.jensenShannon).map(\.mean).filter(\.isFinite)
        guard values.count >= 6 else { return [] }
        let third = values.count / 3
        let (before, now) = (mean(values[third..<2 * third]), mean(values[(2 * third)...]))
        guard now < 0.9 * before else { return [] }
        return [
            "The samples still come closer to the data: their divergence fell from \(words(before)) to \(words(now)) in the last "
                + "third, so training for longer will help."
        ]
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0, +) / Double(max(1, values.count))
    }
}
