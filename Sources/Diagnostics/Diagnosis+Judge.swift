import Measurements
import Recipes

extension Diagnosis {
    /// Whether more is to come of a training.
    public enum State: Sendable, Equatable {
        /// The training goes on. What looks like a failure is a sign, hence a warning, until an alarm has been raised.
        case running(isAlarmed: Bool)
        /// The training is over, or is another program's and judged as it stands.
        case ended
    }

    /// Judges a training by all rules: the one judge of live, recorded and foreign runs.
    ///
    /// `healthy` has to be earned, see ``Grounds``; where nothing is found and it is not earned, the verdict is `undecided`.
    public init(_ history: History, state: State = .ended, rules: [any Rule] = Rules.all) {
        var history = history
        // Of a training that is over there will be no second look at the samples.
        if state == .ended, history.windows(.diversity).count == 1 { history.evaluationsNeeded = 1 }
        let applicable = rules.filter { $0.applies(to: history) }
        var findings = Diagnosis.findings(in: history, applicable)
        var notes: [String] = []

        if findings.allSatisfy(\.pattern.isOfLosses) {
            let places = findings.indices.filter {
                findings[$0].isFailure && history.samplesAreFair(since: findings[$0].sinceStep)
            }
            for place in places { findings[place].severity = Diagnosis.mutedSeverity }
            if !places.isEmpty {
                notes.append("The losses look like a failure, but the samples do not, so it is only a warning.")
            }
        }
        if history.hasOnlyBegun {
            // What they lack may still come; the grounds say what is known of them.
            findings.removeAll { !$0.pattern.isOfLosses && $0.pattern != .nonFinite }
        }
        findings.sort { $0.severity > $1.severity }
        let grounds = Grounds(history, state, applicable)
        let verdict = Verdict(findings, state, isEarned: grounds.areEnough)
        if verdict == .warning, findings.contains(where: { $0.isFailure }) {
            notes.append(
                "The training still runs, so these are signs: sound trainings show such signs too, early on. An alarm is raised "
                    + "if they last.")
        }
        let scope = grounds.scope(findings, verdict)
        var unseen = Diagnosis.unseen(history, applicable, all: rules, scope)
        if findings.contains(where: { $0.pattern == .partialCollapse }) {
            unseen.removeAll { $0 == Grounds.tooFewSamples }
        }
        if verdict == .undecided {
            notes += grounds.known
            unseen = grounds.missing + unseen
        }
        self.init(
            verdict: verdict, judged: scope,
            findings: RemedyCatalog.remedied(findings, history), notes: notes + Progress.notes(history), unseen: unseen)
    }

    /// What the rules find that have all that they look at.
    static func findings(in history: History, _ rules: [any Rule]) -> [Finding] {
        rules.filter { canSee($0, history) }.compactMap { $0.finding(in: history) }
    }

    static let mutedSeverity = 0.45

    /// Whether a rule has all that it looks at.
    private static func canSee(_ rule: any Rule, _ history: History) -> Bool {
        rule.signals.allSatisfy(history.has) || rule is NonFinite
    }

    /// What was not judged for want of samples. Scores in the log may have judged some of it.
    private static func withoutSamples(_ history: History, _ scope: Scope) -> [String] {
        let known = history.hasScoresOfSamples ? "losses and scores" : "losses"
        let open = [("mode collapse", scope.modeCollapse), ("the samples' quality", scope.quality)]
            .filter { $0.1.hasPrefix("not judged") }.map(\.0)
        guard !open.isEmpty else { return [] }
        let subject = open.joined(separator: " and ")
        return [
            "\(subject.prefix(1).uppercased())\(subject.dropFirst()) \(open.count == 1 ? "was" : "were") not judged: there are no samples, only \(known)."
        ]
    }

    /// Patterns for a sentence; several rules may look for the same one.
    private static func list(_ patterns: [Pattern]) -> String {
        var seen: Set<Pattern> = []
        return patterns.filter { seen.insert($0).inserted }.map(\.rawValue).joined(separator: ", ")
    }

    private static func unseen(
        _ history: History, _ applicable: [any Rule], all: [any Rule], _ scope: Scope
    ) -> [String] {
        var lines: [String] = []
        let blind = applicable.filter { !canSee($0, history) }
        let missing = Set(blind.flatMap(\.signals).filter { !history.has($0) })
        if !missing.isDisjoint(with: SeriesName.perEvaluation) {
            if !history.has(.diversity) {
                lines += withoutSamples(history, scope)
            } else if missing.contains(.binDrift) {
                lines.append("A single evaluation does not show whether modes come and go.")
            }
        }
        if history.hasTooFewSamples { lines.append(Grounds.tooFewSamples) }
        if let note = Blindness.note(history) { lines.append(note) }
        let steps = missing.subtracting(SeriesName.perEvaluation)
        if !steps.isEmpty {
            let patterns = blind.filter { !steps.isDisjoint(with: $0.signals) }.map(\.pattern)
            lines.append(
                "Without \(steps.map(\.rawValue).sorted().joined(separator: ", ")) these patterns were not looked for: "
                    + "\(list(patterns)).")
        }
        let other = all.filter { rule in !applicable.contains { $0.pattern == rule.pattern } }.map(\.pattern)
        if !other.isEmpty {
            let why =
                history.context.isObjectiveKnown
                ? "These patterns have no meaning for the objective \(history.objective.rawValue)"
                : "Without the objective these patterns were not looked for"
            lines.append("\(why): \(list(other)).")
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

extension Diagnosis.Verdict {
    /// What findings amount to, or, where there are none, whether the grounds are enough.
    init(_ findings: [Finding], _ state: Diagnosis.State, isEarned: Bool) {
        guard !findings.isEmpty else {
            self = isEarned ? .healthy : .undecided
            return
        }
        let isFailing = findings.contains { $0.isFailure }
        self = isFailing && state != .running(isAlarmed: false) ? .failed : .warning
    }
}

extension Diagnosis {
    /// What helps, each remedy once, with the positions of the findings that it helps against; most promising first.
    public var remedies: [(remedy: Remedy, findings: [Int])] {
        // What helps against a failure comes before what helps against a warning.
        let urgent = findings.filter { $0.isFailure }.map(\.remedies)
        let others = findings.filter { !$0.isFailure }.map(\.remedies)
        let first = Diagnosis.merged(urgent)
        let all = first + Diagnosis.merged(others).filter { !first.contains($0) }
        return all.map { remedy in (remedy, findings.indices.filter { findings[$0].remedies.contains(remedy) }) }
    }

    /// One list of several that are in order, each remedy once, in an order that is true to all of them.
    private static func merged(_ lists: [[Remedy]]) -> [Remedy] {
        var lists = lists.filter { !$0.isEmpty }
        var all: [Remedy] = []
        while !lists.isEmpty {
            // Of those that nothing else is to come before, the one that stands first in the catalog.
            let heads = lists.map { $0[0] }
            let free = heads.filter { head in lists.allSatisfy { !$0.dropFirst().contains(head) } }
            let next = (free.isEmpty ? heads : free).min { RemedyCatalog.place(of: $0) < RemedyCatalog.place(of: $1) }
            guard let next else { break }
            all.append(next)
            lists = lists.map { $0.filter { $0 != next } }.filter { !$0.isEmpty }
        }
        return all
    }

    /// The remedies that change a configuration, and of each the summary of the worst finding that it helps against.
    public var changes: [(remedy: Remedy, reason: String)] {
        remedies.filter { !$0.remedy.change.isEmpty }.map { remedy, positions in
            (remedy, positions.first.map { findings[$0].summary } ?? "")
        }
    }
}

/// Whether a training still improves.
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
