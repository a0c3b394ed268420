import Runs

/// The discriminator no longer learns: it answers the same to everything, near 0 or near 1, or the wrong way round to everything.
///
/// A cross-entropy of logits pulls it back from there. One of probabilities does not: where they round to 0 or 1, its gradient is zero
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
}
