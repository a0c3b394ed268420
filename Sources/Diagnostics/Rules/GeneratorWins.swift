import Measurements
import Recipes

/// The generator nearly always fools the discriminator, which does far worse than chance: it is too weak, or is not
/// trained at all, so the generator learns nothing useful from it.
///
/// Source: measured, `Documentation/logs.md` (a discriminator that is too small; an optimizer with the wrong
/// parameters).
struct GeneratorWins: Rule {
    let pattern = Pattern.generatorWins
    let signals = SeriesName.losses

    func applies(to objective: Objective) -> Bool { objective.hasProbabilities && objective != .minimax }

    func finding(in history: History) -> Finding? {
        let (limit, fooled) = (Thresholds.beatenLossDiscriminator, Thresholds.foolingLossGenerator)
        let stretch = history.stretch(of: signals, lasting: history.windowsNeeded) {
            let total = $0[1].mean + $0[2].mean
            // Larger sums are exploding losses.
            return (0..<fooled).contains($0[0].mean) && (limit...Thresholds.explodedLosses).contains(total)
        }
        // Many healthy runs begin like this, and another rule reports a discriminator that is stuck at one answer.
        let isEarly = history.context.unit == "step" && history.lastStep < History.settlingSteps
        guard let stretch, !isEarly, DiscriminatorFrozen().finding(in: history) == nil else { return nil }
        let total = stretch.typical(.lossDiscriminatorReal) + stretch.typical(.lossDiscriminatorFake)
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            // A generator that also has targets still learns from them.
            severity: min(strength(total, over: limit, scale: 4), history.context.hasTargets ? 0.45 : 1),
            sinceStep: stretch.firstStep,
            summary:
                "The generator has won: since \(history.place(stretch.firstStep)), the discriminator's losses have added "
                + "up to \(words(total)) (chance level: 1.39) and the generator's loss has been only "
                + "\(words(stretch.typical(.lossGenerator))), so the generator learns nothing from the discriminator.",
            evidence: [
                Evidence(
                    signal: "\(SeriesName.lossDiscriminatorReal) + \(SeriesName.lossDiscriminatorFake)", value: total,
                    threshold: limit, fromStep: stretch.firstStep, toStep: stretch.lastStep),
                stretch.evidence(.lossGenerator, threshold: fooled),
            ])
    }
}
