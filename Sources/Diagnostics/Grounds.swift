import Measurements
import Recipes

/// What a verdict of “healthy” rests on.
///
/// It is earned by samples or, where there are none, by losses:
/// - **Samples**: enough evaluations (two while a training runs; one of a training that is over and has no other), after the
///   training's first steps, and the newest breaks no threshold.
/// - **Losses**: of both players, for long enough, of an objective whose losses have a known scale, and the newest windows break
///   no threshold.
struct Grounds {
    /// What the samples tell.
    enum Samples: Equatable {
        case none
        /// The training has only begun.
        case early
        /// There are too few samples to say whether modes are missing.
        case tooFew
        /// There are too few evaluations to say whether something lasts.
        case tooFewEvaluations
        /// The newest evaluation breaks a threshold.
        case broken
        /// No threshold is broken, but few real examples have a sample near them.
        case crude
        case fine
        /// There are none, but the training's own log holds scores of samples, and they are fine.
        case scored
    }

    /// What the losses tell.
    enum Losses: Equatable {
        case none
        /// Those of one player only.
        case onePlayer
        /// They have no known scale.
        case notUnderstood
        case tooShort
        /// The training has only begun.
        case early
        /// The discriminator does worse than guessing.
        case behind
        /// Both losses are those of guessing, which perfect samples and a discriminator that has learnt nothing have in common.
        case atChance
        /// The discriminator is far ahead, which both sound and collapsed trainings show.
        case ahead
        /// The newest windows break a threshold.
        case broken
        case fine
    }

    let samples: Samples
    let losses: Losses
    private let history: History
    /// What a single evaluation, the newest, would be called; and what the newest windows of losses would be.
    private let newest: [Finding]

    /// The losses that a verdict rests on where there are no samples.
    private static let players = SeriesName.losses

    static let tooFewSamples = "The samples are too few to tell whether modes are missing; some hundreds are needed."

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

    /// Whether a training of which nothing is found is healthy.
    var areEnough: Bool { samples == .fine || samples == .scored || (samples == .none && losses == .fine) }

    /// What is known, though it decides nothing.
    var known: [String] {
        var lines: [String] = []
        if samples == .broken || samples == .early {
            let place = history.lastStep > 0 ? " (step \(history.windows(.diversity).last?.lastStep ?? 0))" : ""
            lines += newest.filter { !$0.pattern.isOfLosses }.map { "The newest evaluation\(place): \($0.summary)" }
        }
        if samples == .crude, let coverage = history.windows(.coverageFeatures).last?.mean {
            lines.append(
                "The samples are crude: only \(words(coverage * 100)) % of the real examples have one near them, as a network that was trained on "
                    + "the data sees them.")
        }
        if losses == .tooShort, samples == .none { lines += levels.map { [$0] } ?? [] }
        if losses == .broken {
            lines += newest.filter(\.pattern.isOfLosses).map { "The newest steps: \($0.summary)" }
        }
        return lines
    }

    /// What a few rows tell: where the losses are, beside those of a game in balance.
    private var levels: String? {
        guard let chance = history.objective.chanceLosses else { return nil }
        func newest(_ series: SeriesName) -> Double? {
            history.windows(series).last?.mean
        }
        guard let real = newest(.lossDiscriminatorReal), let fake = newest(.lossDiscriminatorFake),
            let generator = newest(.lossGenerator)
        else { return nil }
        return
            "So far the losses are finite and break no threshold. At the end the discriminator's add up to \(words(real + fake)) (a balanced game has "
            + "\(words(chance.discriminator))), and the generator's is \(words(generator)) (\(words(chance.generator)))."
    }

    /// What would decide.
    var missing: [String] {
        switch samples {
        case .early:
            return [
                "The training has only begun, and what the samples lack may still come; evaluate again after step \(History.settlingSteps)."
            ]
        case .broken: return ["One more evaluation is needed, to see whether this lasts."]
        case .crude: return ["A longer training would show whether the samples come to look like the data."]
        case .tooFewEvaluations:
            return [
                "\(history.evaluationsNeeded) evaluations are needed; there is \(history.windows(.diversity).count)."
            ]
        case .tooFew, .fine, .scored: return []
        case .none: break
        }
        switch losses {
        case .none, .fine: return []
        case .broken: return ["More steps are needed, to see whether this lasts; samples would decide it sooner."]
        case .onePlayer:
            return ["The losses of one player do not decide; the other player's, or samples, are needed."]
        case .notUnderstood:
            return ["\(unscaled), so they do not decide; samples are needed."]
        case .ahead:
            return [
                "The discriminator is far ahead. Losses alone do not tell whether the samples suffer: sound trainings look like this too, and so "
                    + "do collapsed ones. Samples are needed."
            ]
        case .behind:
            return [
                "The discriminator does worse than guessing, so the losses do not tell whether it teaches anything. Samples are needed."
            ]
        case .atChance:
            return [
                "Both losses are those of guessing. Samples as good as real ones look like this, and so does a discriminator that has learnt "
                    + "nothing. Samples are needed."
            ]
        case .early:
            return ["The training has only begun; losses decide from step \(History.settlingSteps) on."]
        case .tooShort:
            let count = Grounds.players.map { history.windows($0).count }.min() ?? 0
            return [
                "The losses are too few to decide: \(count) of \(Thresholds.enoughWindows) windows of "
                    + "\(history.windowLength) values; a longer training, or samples, are needed."
            ]
        }
    }

    /// What was judged, in words.
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
                : "not judged: the objective is not known"
        case .ahead: return "undecided: the discriminator is far ahead"
        case .behind: return "undecided: the discriminator does worse than guessing"
        case .atChance: return "undecided: the losses are those of guessing"
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
        case .scored: return modes ? "not judged: no samples" : "no failure seen in the scores that were logged"
        }
    }

    private var unscaled: String {
        history.context.isObjectiveKnown
            ? "The losses of the objective \(history.objective.rawValue) have no known scale"
            : "The losses do not tell what the objective is"
    }
}

extension Objective {
    /// Whether the levels of the losses tell how the game stands.
    var lossesHaveScale: Bool { chanceLosses != nil }
}
