import Measurements
import Recipes

/// The grounds for a verdict of `healthy`.
///
/// They come from samples or, if there are none, from losses:
/// - **Samples**: there are enough evaluations (two while the run is going, one if the run has ended and has no other)
///   after the run's first steps, and the newest one crosses no threshold.
/// - **Losses**: there are enough windows of both players' losses, the objective's losses have a known scale, and the
///   newest windows cross no threshold.
struct Grounds {
    /// The state of the samples.
    enum Samples: Equatable {
        case none
        /// The run has only just begun.
        case early
        /// There are too few samples to decide whether modes are missing.
        case tooFew
        /// There are too few evaluations to decide whether a pattern persists.
        case tooFewEvaluations
        /// The newest evaluation crosses a threshold.
        case broken
        /// No threshold is crossed, but few real examples have a sample near them.
        case crude
        case fine
        /// There are no samples, but the run's own log has scores of samples, and they are fine.
        case scored
    }

    /// The state of the losses.
    enum Losses: Equatable {
        case none
        /// Only one player's losses are known.
        case onePlayer
        /// The losses have no known scale.
        case notUnderstood
        case tooShort
        /// The run has only just begun.
        case early
        /// The discriminator does worse than chance.
        case behind
        /// Both losses are at chance level, as with perfect samples and as with a discriminator that has learned
        /// nothing.
        case atChance
        /// The discriminator is far ahead, as in both healthy and collapsed runs.
        case ahead
        /// The newest windows cross a threshold.
        case broken
        case fine
    }

    let samples: Samples
    let losses: Losses
    private let history: History
    /// The findings if the newest evaluation, and the newest windows of losses, decided by themselves.
    private let newest: [Finding]

    /// The losses that decide the verdict if there are no samples.
    private static let players = SeriesName.losses

    static let tooFewSamples = "There are too few samples to tell whether modes are missing; a few hundred are needed."

    init(_ history: History, _ state: Diagnosis.State, _ rules: [any Rule]) {
        self.history = history
        var glance = history
        (glance.evaluationsNeeded, glance.windowsNeeded) = (1, Thresholds.newestWindows)
        let newest = Diagnosis.findings(in: glance, rules)
        self.newest = newest
        samples = Grounds.samples(history, newest)
        losses = Grounds.losses(history, newest)
    }

    private static func samples(_ history: History, _ newest: [Finding]) -> Samples {
        let count = history.windows(.diversity).count
        if count == 0 { return history.scoresAreFair ? .scored : .none }
        if history.hasOnlyBegun { return .early }
        if newest.contains(where: { !$0.pattern.isOfLosses && $0.pattern != .nonFinite }) { return .broken }
        if count < history.evaluationsNeeded { return .tooFewEvaluations }
        if history.samplesAreCrude { return .crude }
        return history.hasTooFewSamples ? .tooFew : .fine
    }

    private static func losses(_ history: History, _ newest: [Finding]) -> Losses {
        guard Grounds.players.contains(where: history.has) else { return .none }
        if newest.contains(where: \.pattern.isOfLosses) { return .broken }
        if history.lossesHaveOnlyBegun { return .early }
        guard Grounds.players.allSatisfy(history.has) else { return .onePlayer }
        guard history.context.isObjectiveKnown, history.objective.lossesHaveScale else { return .notUnderstood }
        if !history.has(.diversity), let standing = Balance.standing(history) { return standing }
        let count = Grounds.players.map { history.windows($0).count }.min() ?? 0
        return count < Thresholds.enoughWindows ? .tooShort : .fine
    }

    /// Whether a run without findings is healthy.
    var areEnough: Bool { samples == .fine || samples == .scored || (samples == .none && losses == .fine) }

    /// States what is known, although it does not decide the verdict.
    var known: [String] {
        var lines: [String] = []
        if samples == .broken || samples == .early {
            let place = history.lastStep > 0 ? " (step \(history.windows(.diversity).last?.lastStep ?? 0))" : ""
            lines += newest.filter { !$0.pattern.isOfLosses }.map { "The newest evaluation\(place): \($0.summary)" }
        }
        if samples == .crude, let coverage = history.windows(.coverageFeatures).last?.mean {
            lines.append(
                "The samples are crude: in the features of a network trained on the data, only "
                    + "\(words(coverage * 100)) % of the real examples have a sample near them.")
        }
        if losses == .tooShort, samples == .none { lines += levels.map { [$0] } ?? [] }
        if losses == .broken {
            lines += newest.filter(\.pattern.isOfLosses).map { "The newest steps: \($0.summary)" }
        }
        return lines
    }

    /// Describes a short log: the level of the losses compared with that of a balanced game.
    private var levels: String? {
        guard let chance = history.objective.chanceLosses else { return nil }
        func newest(_ series: SeriesName) -> Double? {
            history.windows(series).last?.mean
        }
        guard let real = newest(.lossDiscriminatorReal), let fake = newest(.lossDiscriminatorFake),
            let generator = newest(.lossGenerator)
        else { return nil }
        return
            "So far the losses are finite and cross no threshold. At the end, the discriminator's losses add up to \(words(real + fake)) (a balanced "
            + "game has \(words(chance.discriminator))), and the generator's loss is \(words(generator)) (balanced: \(words(chance.generator)))."
    }

    /// States what is needed for a verdict.
    var missing: [String] {
        switch samples {
        case .early:
            return [
                "The run has only just begun, and its samples may still improve; evaluate again after step "
                    + "\(History.settlingSteps)."
            ]
        case .broken: return ["One more evaluation is needed to see whether this persists."]
        case .crude: return ["A longer run would show whether the samples come to look like the data."]
        case .tooFewEvaluations:
            return [
                "\(history.evaluationsNeeded) evaluations are needed; there is \(history.windows(.diversity).count)."
            ]
        case .tooFew, .fine, .scored: return []
        case .none: break
        }
        switch losses {
        case .none, .fine: return []
        case .broken: return ["More steps are needed to see whether this persists; samples would decide it sooner."]
        case .onePlayer:
            return [
                "One player's losses are not enough for a verdict; the other player's losses or samples are needed."
            ]
        case .notUnderstood:
            return ["\(unscaled), so they cannot decide the verdict; samples are needed."]
        case .ahead:
            return [
                "The discriminator is far ahead. Losses alone do not show whether the samples suffer: both healthy and "
                    + "collapsed runs look like this. Samples are needed."
            ]
        case .behind:
            return [
                "The discriminator does worse than chance, so the losses do not show whether the generator learns "
                    + "anything from it. Samples are needed."
            ]
        case .atChance:
            return [
                "Both losses are at chance level. This happens if the samples are as good as real ones, but also if "
                    + "the discriminator has learned nothing. Samples are needed."
            ]
        case .early:
            return ["The run has only just begun; losses can decide from step \(History.settlingSteps) on."]
        case .tooShort:
            let count = Grounds.players.map { history.windows($0).count }.min() ?? 0
            return [
                "There are too few losses for a verdict: \(count) of \(Thresholds.enoughWindows) windows of "
                    + "\(history.windowLength) values. A longer run or samples are needed."
            ]
        }
    }

    /// Describes what was judged.
    func scope(_ findings: [Finding], _ verdict: Diagnosis.Verdict) -> Diagnosis.Scope {
        func words(_ isMeant: (Finding) -> Bool, otherwise: String) -> String {
            let meant = findings.filter(isMeant)
            if meant.isEmpty { return otherwise }
            let isFailure = verdict == .failed && meant.contains { $0.isFailure }
            return "\(isFailure ? "failure seen" : "signs of failure"): " + Grounds.patterns(meant)
        }
        func ofSamples(_ failure: Finding.Failure) -> (Finding) -> Bool {
            { !$0.pattern.isOfLosses && $0.pattern != .nonFinite && $0.failure == failure }
        }
        return Diagnosis.Scope(
            losses: words({ $0.pattern.isOfLosses || $0.pattern == .nonFinite }, otherwise: lossWords),
            modeCollapse: words(
                ofSamples(.modeCollapse), otherwise: sampleWords(ofSamples(.modeCollapse), modes: true)),
            quality: words(
                ofSamples(.convergenceFailure), otherwise: sampleWords(ofSamples(.convergenceFailure), modes: false)))
    }

    private static func patterns(_ findings: [Finding]) -> String {
        findings.map(\.pattern.rawValue).joined(separator: ", ")
    }

    private var lossWords: String {
        switch losses {
        case .none: return "not judged: no losses"
        case .onePlayer: return "not judged: losses of one player only"
        case .notUnderstood:
            return history.context.isObjectiveKnown
                ? "not judged: no known scale for the objective \(history.objective.rawValue)"
                : "not judged: the objective is unknown"
        case .ahead: return "undecided: the discriminator is far ahead"
        case .behind: return "undecided: the discriminator does worse than chance"
        case .atChance: return "undecided: the losses are at chance level"
        case .early: return "not judged: the training has only begun"
        case .tooShort: return "not judged: too few steps"
        case .broken:
            return "undecided: \(Grounds.patterns(newest.filter(\.pattern.isOfLosses))) in the newest steps only"
        case .fine: return "no failure seen"
        }
    }

    private func sampleWords(_ isMeant: (Finding) -> Bool, modes: Bool) -> String {
        switch samples {
        case .none: return "not judged: no samples"
        case .early: return "not judged: the training has only begun"
        case .tooFewEvaluations: return "not judged: too few evaluations"
        case .tooFew: return modes ? "not judged: too few samples" : "no failure seen"
        case .broken:
            let meant = newest.filter(isMeant)
            return meant.isEmpty ? "no failure seen" : "undecided: \(Grounds.patterns(meant)) in the newest evaluation"
        case .crude where modes: return history.hasTooFewSamples ? "not judged: too few samples" : "no failure seen"
        case .crude: return "undecided: the samples are crude"
        case .fine: return "no failure seen"
        case .scored: return modes ? "not judged: no samples" : "no failure seen in the logged scores"
        }
    }

    private var unscaled: String {
        history.context.isObjectiveKnown
            ? "The losses of the objective \(history.objective.rawValue) have no known scale"
            : "The losses do not reveal the objective"
    }
}

extension Objective {
    /// Whether the level of the losses shows which player is ahead.
    var lossesHaveScale: Bool { chanceLosses != nil }
}
