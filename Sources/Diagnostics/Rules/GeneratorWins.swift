import Measurements
import Recipes

/// The generator fools the discriminator nearly always, and the discriminator does far worse than guessing: it is too weak, or is not
/// trained at all, so that what it teaches is worth nothing.
///
/// Source: measured, `Documentation/logs.md` (a discriminator that is too small; an optimizer of the wrong parameters).
struct GeneratorWins: Rule {
    let pattern = Pattern.generatorWins
    let signals = SeriesName.losses

    func applies(to objective: Objective) -> Bool { objective.hasProbabilities && objective != .minimax }

    func finding(in history: History) -> Finding? {
        let (limit, fooled) = (Thresholds.beatenLossDiscriminator, Thresholds.foolingLossGenerator)
        let stretch = history.stretch(of: signals, lasting: history.windowsNeeded) {
            let total = $0[1].mean + $0[2].mean
            // Larger ones are exploding losses.
            return (0..<fooled).contains($0[0].mean) && (limit...Thresholds.explodedLosses).contains(total)
        }
        // Many a sound game begins like this, and a discriminator that is stuck at one answer is named by that.
        let isEarly = history.context.unit == "step" && history.lastStep < History.settlingSteps
        guard let stretch, !isEarly, DiscriminatorFrozen().finding(in: history) == nil else { return nil }
        let total = stretch.typical(.lossDiscriminatorReal) + stretch.typical(.lossDiscriminatorFake)
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            // A generator that also has targets still learns from those.
            severity: min(strength(total, over: limit, scale: 4), history.context.hasTargets ? 0.45 : 1),
            sinceStep: stretch.firstStep,
            summary:
                "The generator has won: since \(history.place(stretch.firstStep)) the discriminator's losses add up to \(words(total)) "
                + "(guessing costs 1.39), and the generator's loss is only \(words(stretch.typical(.lossGenerator))), so the discriminator "
                + "teaches nothing.",
            evidence: [
                Evidence(
                    signal: "\(SeriesName.lossDiscriminatorReal) + \(SeriesName.lossDiscriminatorFake)", value: total,
                    threshold: limit, fromStep: stretch.firstStep, toStep: stretch.lastStep),
                stretch.evidence(.lossGenerator, threshold: fooled),
            ])
    }
}
