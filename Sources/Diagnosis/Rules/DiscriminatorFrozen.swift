import Runs

/// The discriminator no longer learns: it answers the same to everything, near 0, near 1 or 0.5, or the wrong way round to everything.
///
/// One that answers 0.5 has no say: its weights are at rest, or it passes its answers through a second sigmoid (measured in
/// `Documentation/diagnosis.md`). A cross-entropy of logits pulls it back from there. One of probabilities does not: where they round to 0 or 1, its gradient is zero
/// (measured in `Documentation/diagnosis.md`).
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
        let answer =
            isReal == isFakeReal
            ? "calls everything \(isReal ? "real" : "generated")" : "has everything the wrong way round"
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: 0.9, sinceStep: stretch.firstStep,
            summary:
                "The discriminator \(answer): since \(history.place(stretch.firstStep)) it gives real examples a "
                + "probability of \(words(stretch.typical(real))) and samples \(words(stretch.typical(fake))), so it teaches nothing.",
            evidence: [
                stretch.evidence(fake, threshold: isFakeReal ? high : low),
                stretch.evidence(real, threshold: isReal ? high : low),
            ])
    }
    /// Answers of 0.5 to everything, far nearer than the batches of a game in balance come to it.
    private func atChance(in history: History) -> Finding? {
        let (real, fake, margin) = (SeriesName.probabilityReal, SeriesName.probabilityFake, Thresholds.chanceAnswer)
        let stretch = history.stretch(of: [real, fake], lasting: history.windowsNeeded) {
            $0.allSatisfy { window in
                window.nonFiniteCount == 0 && abs(window.maximum - 0.5) < margin && abs(window.minimum - 0.5) < margin
            }
        }
        guard let stretch else { return nil }
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: 0.7, sinceStep: stretch.firstStep,
            summary:
                "The discriminator gives everything a probability of 0.5: since \(history.place(stretch.firstStep)) no answer is farther from it "
                + "than \(words(margin)), so it teaches nothing.",
            evidence: [stretch.evidence(real, threshold: 0.5), stretch.evidence(fake, threshold: 0.5)])
    }
}
