import Measurements
import Recipes

/// The losses are far larger than those of a discriminator that learns: its answers are as confident as floating-point
/// numbers allow, and many are wrong.
///
/// If only losses are known, this is what exploding gradients look like. For objectives whose losses have no scale, a
/// loss has exploded if it grows without bound.
///
/// Source: measured, `Documentation/diagnosis.md` (learning rates that are too high, with a cross-entropy of logits).
struct ExplodingLosses: Rule {
    let pattern = Pattern.explodingLosses
    let signals = SeriesName.losses

    func finding(in history: History) -> Finding? {
        if let finding = seenInNewestWindow(in: history) { return finding }
        return history.context.isObjectiveKnown && history.objective.hasProbabilities
            ? seenByLevel(in: history) : seenByGrowth(in: history)
    }

    /// Detects a loss so large that one row is enough.
    private func seenInNewestWindow(in history: History) -> Finding? {
        let limit = Thresholds.explodedLoss
        for series in [SeriesName.lossDiscriminator] + signals.reversed() {
            guard let window = history.windows(series).last, abs(window.mean) > limit, window.mean.isFinite else {
                continue
            }
            return Finding(
                failure: .convergenceFailure, pattern: pattern, severity: 0.85, sinceStep: window.firstStep,
                summary:
                    "The losses have exploded: at \(history.place(window.lastStep)), \(series) is \(words(window.mean)).",
                evidence: [
                    Evidence(
                        signal: "absolute value of \(series)", value: abs(window.mean), threshold: limit,
                        fromStep: window.firstStep, toStep: window.lastStep)
                ])
        }
        return nil
    }

    /// Detects a loss without a known scale, such as a critic's, that has grown a thousandfold and is far beyond usual
    /// losses.
    private func seenByGrowth(in history: History) -> Finding? {
        for series in [SeriesName.lossDiscriminator] + signals.reversed() {
            let sizes = history.windows(series).map { abs($0.mean) }
            guard sizes.count >= 3 * Thresholds.persistence, sizes.allSatisfy(\.isFinite) else { continue }
            let calm = sizes.prefix(sizes.count / 3).sorted()[sizes.count / 6]
            let limit = max(Thresholds.runawayLoss, Thresholds.runawayTimes * calm)
            guard
                let stretch = history.stretch(
                    of: [series], lasting: history.windowsNeeded, where: { abs($0[0].mean) > limit }),
                stretch.lastStep == history.windows(series).last?.lastStep
            else { continue }
            return Finding(
                failure: .convergenceFailure, pattern: pattern, severity: 0.7, sinceStep: stretch.firstStep,
                summary:
                    "The losses have exploded: since \(history.place(stretch.firstStep)), \(series) has been \(words(stretch.typical(series))); "
                    + "at first it was about \(words(calm)).",
                evidence: [
                    Evidence(
                        signal: "absolute value of \(series)", value: abs(stretch.typical(series)), threshold: limit,
                        fromStep: stretch.firstStep, toStep: stretch.lastStep)
                ])
        }
        return nil
    }

    private func seenByLevel(in history: History) -> Finding? {
        let (limit, chance) = (Thresholds.explodedLosses, Thresholds.chanceLossDiscriminator)
        func total(_ losses: [Double]) -> Double { max(0, losses[0]) + losses[1] + losses[2] }
        // Cross-entropies are not negative, except minimax's for the generator, so negative losses belong to another
        // objective.
        let stretch = history.stretch(of: signals, lasting: history.windowsNeeded) {
            total($0.map(\.mean)) > limit && min($0[1].mean, $0[2].mean) >= 0
        }
        // A generator's loss may contain other terms, so the discriminator must also do worse than chance, which shows
        // that it does not learn.
        guard let stretch,
            stretch.typical(.lossDiscriminatorReal) + stretch.typical(.lossDiscriminatorFake) > chance
        else { return nil }
        let typical = total(signals.map(stretch.typical))
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            // Rank behind findings that say more about the cause, such as exploding gradients or a stuck discriminator.
            severity: 0.85 * max(0.6, strength(typical, over: limit, scale: 10)),
            sinceStep: stretch.firstStep,
            summary:
                "The losses have exploded: since \(history.place(stretch.firstStep)), they have added up to \(words(typical)) "
                + "(a balanced game has 2.1), and neither player can learn from answers that far off.",
            evidence: [
                Evidence(
                    signal: signals.map(\.rawValue).joined(separator: " + "), value: typical, threshold: limit,
                    fromStep: stretch.firstStep, toStep: stretch.lastStep)
            ])
    }
}
