import Measurements
import Recipes

/// The discriminator no longer learns: it gives every example the same answer, near 0, near 1 or 0.5, or it gets every
/// example wrong.
///
/// A discriminator that answers 0.5 has no effect: its weights do not change, or its answers pass through a second
/// sigmoid (measured in `Documentation/logs.md`).
///
/// A cross-entropy of logits pulls the discriminator back from such answers. One of probabilities does not: where they
/// round to 0 or 1, its gradient is zero (measured in `Documentation/diagnosis.md`).
///
/// Source: figure 12 of the article (a learning rate that is too high).
struct DiscriminatorFrozen: Rule {
    let pattern = Pattern.discriminatorFrozen
    let signals: [SeriesName] = [.probabilityReal, .probabilityFake]

    func applies(to objective: Objective) -> Bool { objective.hasProbabilities }

    func finding(in history: History) -> Finding? {
        let (real, fake) = (SeriesName.probabilityReal, SeriesName.probabilityFake)
        let (high, low) = (Thresholds.frozenProbability, 1 - Thresholds.frozenProbability)
        if let finding = atChance(in: history) { return finding }
        let stretch = history.stretch(of: [real, fake], lasting: history.windowsNeeded) {
            let (real, fake) = ($0[0].mean, $0[1].mean)
            return fake < low && real < low || fake > high && (real < low || real > high)
        }
        guard let stretch else { return nil }
        let (isReal, isFakeReal) = (stretch.typical(real) > 0.5, stretch.typical(fake) > 0.5)
        // Wrong answers that cost nothing are answers to swapped labels.
        if isReal != isFakeReal, BothPlayersWin().finding(in: history) != nil { return nil }
        let answer =
            isReal == isFakeReal
            ? "calls everything \(isReal ? "real" : "generated")" : "gets everything wrong"
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: 0.9, sinceStep: stretch.firstStep,
            summary:
                "The discriminator \(answer): since \(history.place(stretch.firstStep)), it has given real examples a "
                + "probability of \(words(stretch.typical(real))) and samples \(words(stretch.typical(fake))), so "
                + "the generator learns nothing from it.",
            evidence: [
                stretch.evidence(fake, threshold: isFakeReal ? high : low),
                stretch.evidence(real, threshold: isReal ? high : low),
            ])
    }

    /// Detects losses of both players at chance level, much closer to it than the batches of a balanced game come.
    private func atChance(in history: History) -> Finding? {
        guard let chance = history.objective.chanceLosses else { return nil }
        let (real, fake, generator) = (
            SeriesName.lossDiscriminatorReal, SeriesName.lossDiscriminatorFake, SeriesName.lossGenerator
        )
        func isNear(_ values: [Double], _ level: Double) -> Bool {
            values.allSatisfy { abs($0 - level) < Thresholds.chanceMargin }
        }
        func holds(_ windows: [Window]) -> Bool {
            windows.allSatisfy { $0.nonFiniteCount == 0 }
                && isNear(
                    [windows[0].maximum + windows[1].maximum, windows[0].minimum + windows[1].minimum],
                    chance.discriminator)
                && isNear([windows[2].maximum, windows[2].minimum], chance.generator)
        }
        let series = [real, fake, generator]
        guard let stretch = history.stretch(of: series, lasting: history.windowsNeeded, where: holds),
            // No window may differ.
            (0..<stretch.count).allSatisfy({ place in holds(series.compactMap { stretch.windows[$0]?[place] }) })
        else { return nil }
        let total = stretch.typical(real) + stretch.typical(fake)
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: 0.7, sinceStep: stretch.firstStep,
            summary:
                "Both losses have been within \(words(Thresholds.chanceMargin)) of chance level since \(history.place(stretch.firstStep)): the "
                + "discriminator answers 0.5 to everything, so the generator learns nothing from it.",
            evidence: [
                Evidence(
                    signal: "\(real) + \(fake)", value: total, threshold: chance.discriminator,
                    fromStep: stretch.firstStep, toStep: stretch.lastStep),
                stretch.evidence(generator, threshold: chance.generator),
            ])
    }
}
