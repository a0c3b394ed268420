import Runs

/// The losses are far larger than those of a discriminator that learns: its answers are as sure as numbers can be, and many are wrong.
///
/// Where only losses are known, this is what exploding gradients look like.
///
/// Source: measured, `Documentation/diagnosis.md` (learning rates that are too high, with a cross-entropy of logits).
struct ExplodingLosses: Rule {
    let pattern = Pattern.explodingLosses
    let signals: [SeriesName] = [.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake]

    func applies(to objective: Objective) -> Bool { objective.hasProbabilities }

    func finding(in history: History) -> Finding? {
        // What has a name of its own is told by that: stuck or sure discriminators have high losses too, and so do exploding gradients.
        let others: [any Rule] = [DiscriminatorFrozen(), DiscriminatorWins(), ExplodingGradients()]
        guard others.allSatisfy({ $0.finding(in: history) == nil }) else { return nil }
        let limit = Thresholds.explodedLosses
        func total(_ losses: [Double]) -> Double { losses.reduce(0) { $0 + abs($1) } }
        let stretch = history.stretch(of: signals, lasting: Thresholds.persistence) { total($0.map(\.mean)) > limit }
        guard let stretch else { return nil }
        let typical = total(signals.map(stretch.typical))
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: strength(typical, over: limit, scale: 10),
            sinceStep: stretch.firstStep,
            summary:
                "The losses have exploded: since step \(stretch.firstStep) they add up to \(words(typical)) (a balanced game has 2.1), "
                + "and no player can learn from answers that far off.",
            evidence: [
                Evidence(
                    signal: signals.map(\.rawValue).joined(separator: " + "), value: typical, threshold: limit,
                    fromStep: stretch.firstStep, toStep: stretch.lastStep)
            ])
    }
}
