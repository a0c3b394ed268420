import Runs

/// The discriminator answers the same to everything, mostly "real": its loss on fakes is high, that on reals near zero, and it
/// no longer learns.
///
/// Source: figure 12 of the article (a learning rate that is too high).
struct DiscriminatorFrozen: Rule {
    let pattern = Pattern.discriminatorFrozen
    let signals: [SeriesName] = [.probabilityReal, .probabilityFake]

    func applies(to objective: Objective) -> Bool { objective.hasProbabilities }

    func finding(in history: History) -> Finding? {
        let (real, fake) = (SeriesName.probabilityReal, SeriesName.probabilityFake)
        let (high, low) = (Thresholds.frozenProbability, 1 - Thresholds.frozenProbability)
        let stretch = history.stretch(of: [real, fake], lasting: Thresholds.persistence) {
            abs($0[0].mean - $0[1].mean) < Thresholds.frozenDifference && !(low...high).contains($0[1].mean)
        }
        guard let stretch else { return nil }
        let answer = stretch.typical(fake) > 0.5 ? "real" : "generated"
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: 0.9, sinceStep: stretch.firstStep,
            summary:
                "The discriminator calls everything \(answer): since step \(stretch.firstStep) it gives real examples a "
                + "probability of \(words(stretch.typical(real))) and samples \(words(stretch.typical(fake))), so it teaches nothing.",
            evidence: [
                stretch.evidence(fake, threshold: answer == "real" ? high : low),
                stretch.evidence(real, threshold: answer == "real" ? high : low),
            ])
    }
}
