import Measurements
import Recipes

extension Diagnosis {
    /// Whether the run is still going.
    public enum State: Sendable, Equatable {
        /// The run is still going. Until an alarm is raised, an apparent failure is only a sign and gives a warning.
        case running(isAlarmed: Bool)
        /// The run has ended, or it is another program's run and is judged as it stands.
        case ended
    }

    /// Judges a run by all rules. Live, recorded and foreign runs are all judged here.
    ///
    /// Without findings, the verdict is `healthy` if the grounds suffice (see ``Grounds``), and `undecided` otherwise.
    public init(_ history: History, state: State = .ended, rules: [any Rule] = Rules.all) {
        var history = history
        // A run that has ended will not be evaluated again, so a single evaluation has to suffice.
        if state == .ended, history.windows(.diversity).count == 1 { history.evaluationsNeeded = 1 }
        let applicable = rules.filter { $0.applies(to: history) }
        var findings = Diagnosis.findings(in: history, applicable)
        var notes: [String] = []

        if findings.allSatisfy(\.pattern.isOfLosses) {
            let places = findings.indices.filter {
                findings[$0].isFailure && history.samplesAreFair(since: findings[$0].sinceStep)
            }
            for place in places { findings[place].severity = Thresholds.highestWarning }
            if !places.isEmpty {
                notes.append("The losses look like a failure, but the samples do not, so this is only a warning.")
            }
        }
        if history.hasOnlyBegun {
            // Early samples may still improve, so findings about them are dropped; the grounds report what is known of
            // them.
            findings.removeAll { !$0.pattern.isOfLosses && $0.pattern != .nonFinite }
        }
        findings.sort { $0.severity > $1.severity }
        let grounds = Grounds(history, state, applicable)
        let verdict = Verdict(findings, state, isEarned: grounds.areEnough)
        if verdict == .warning, findings.contains(where: { $0.isFailure }) {
            notes.append(
                "The run is still going, so these are only signs: healthy runs show such signs too, early on. An alarm "
                    + "is raised if they persist.")
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

    /// The findings of the rules whose signals are all available.
    static func findings(in history: History, _ rules: [any Rule]) -> [Finding] {
        rules.filter { canSee($0, history) }.compactMap { $0.finding(in: history) }
    }

    /// Whether all signals that a rule requires are available.
    private static func canSee(_ rule: any Rule, _ history: History) -> Bool {
        rule.signals.allSatisfy(history.has) || rule is NonFinite
    }

    /// States what was not judged because there are no samples. Logged scores may have judged part of it.
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

    /// Lists patterns for a sentence, each only once, because several rules may look for the same pattern.
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
                "Without \(steps.map(\.rawValue).sorted().joined(separator: ", ")), these patterns could not be "
                    + "detected: \(list(patterns)).")
        }
        let other = all.filter { rule in !applicable.contains { $0.pattern == rule.pattern } }.map(\.pattern)
        if !other.isEmpty {
            let why =
                history.context.isObjectiveKnown
                ? "These patterns do not apply to the objective \(history.objective.rawValue)"
                : "These patterns were not checked because the objective is unknown"
            lines.append("\(why): \(list(other)).")
        }
        let longest = history.windows(.lossGenerator).count
        if history.has(.lossGenerator), longest < Thresholds.persistence {
            lines.append(
                "The run is too short for most patterns: they need \(Thresholds.persistence) windows of steps, and it has \(longest)."
            )
        }
        return lines
    }
}

extension Diagnosis.Verdict {
    /// Derives the verdict from the findings or, without any, from whether the grounds suffice for `healthy`.
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
    /// The remedies, each listed once with the positions of the findings that it addresses; most promising first.
    public var remedies: [(remedy: Remedy, findings: [Int])] {
        // Remedies for failures come before remedies for warnings.
        let urgent = findings.filter { $0.isFailure }.map(\.remedies)
        let others = findings.filter { !$0.isFailure }.map(\.remedies)
        let first = Diagnosis.merged(urgent)
        let all = first + Diagnosis.merged(others).filter { !first.contains($0) }
        return all.map { remedy in (remedy, findings.indices.filter { findings[$0].remedies.contains(remedy) }) }
    }

    /// Merges several ordered lists into one that contains each remedy once and keeps the order of all of them.
    private static func merged(_ lists: [[Remedy]]) -> [Remedy] {
        var lists = lists.filter { !$0.isEmpty }
        var all: [Remedy] = []
        while !lists.isEmpty {
            // Of the remedies that no list places behind another one, take the one that comes first in the catalog.
            let heads = lists.map { $0[0] }
            let free = heads.filter { head in lists.allSatisfy { !$0.dropFirst().contains(head) } }
            let next = (free.isEmpty ? heads : free).min { RemedyCatalog.place(of: $0) < RemedyCatalog.place(of: $1) }
            guard let next else { break }
            all.append(next)
            lists = lists.map { $0.filter { $0 != next } }.filter { !$0.isEmpty }
        }
        return all
    }

    /// The remedies that change a configuration, each with the summary of the worst finding that it addresses.
    public var changes: [(remedy: Remedy, reason: String)] {
        remedies.filter { !$0.remedy.change.isEmpty }.map { remedy, positions in
            (remedy, positions.first.map { findings[$0].summary } ?? "")
        }
    }
}

/// Checks whether a run is still improving.
enum Progress {
    static func notes(_ history: History) -> [String] {
        let values = history.windows(.jensenShannon).map(\.mean).filter(\.isFinite)
        guard values.count >= 6 else { return [] }
        let third = values.count / 3
        let (before, now) = (mean(values[third..<2 * third]), mean(values[(2 * third)...]))
        guard now < 0.9 * before else { return [] }
        return [
            "The samples are still getting closer to the data: their divergence fell from \(words(before)) to "
                + "\(words(now)) in the last third of the run, so training for longer will help."
        ]
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0, +) / Double(max(1, values.count))
    }
}
