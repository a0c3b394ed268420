import Runs

/// The discriminator tells every sample apart: its losses are near zero, and the generator's is high or rising, so that the
/// generator learns little or nothing from it.
///
/// Source: Goodfellow et al. 2014, section 3; figures 13 and 14 of the article.
struct DiscriminatorWins: Rule {
    let pattern = Pattern.discriminatorWins
    let signals: [SeriesName] = [.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake]

    func applies(to objective: Objective) -> Bool { objective.hasProbabilities || objective == .leastSquares }

    func finding(in history: History) -> Finding? {
        let (generator, real, fake) = (
            SeriesName.lossGenerator, SeriesName.lossDiscriminatorReal, SeriesName.lossDiscriminatorFake
        )
        let limit = Thresholds.wonLossDiscriminator
        let beaten = DiscriminatorWins.beatenLoss(history.objective)
        let stretch = history.stretch(of: [generator, real, fake], lasting: Thresholds.persistence) {
            $0[1].mean + $0[2].mean < limit && $0[0].mean > beaten
        }
        guard let stretch else { return nil }
        let total = stretch.typical(real) + stretch.typical(fake)
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            severity: strength(limit / max(total, 1e-9), over: 1, scale: 10), sinceStep: stretch.firstStep,
            summary:
                "The discriminator has won: since step \(stretch.firstStep) its losses add up to only \(words(total)) "
                + "(a balanced game has 1.39), and the generator's is \(words(stretch.typical(generator))), now \(words(stretch.last(generator))).",
            evidence: [
                Evidence(
                    signal: "\(real) + \(fake)", value: total, threshold: limit, fromStep: stretch.firstStep,
                    toStep: stretch.lastStep),
                stretch.evidence(generator, threshold: beaten),
            ])
    }

    /// The loss over which a generator is beaten.
    static func beatenLoss(_ objective: Objective) -> Double {
        switch objective {
        // (D(f) − 1)² is 1 when D(f) is 0.
        case .leastSquares: 0.8
        // log(1 − D(f)) comes up to 0 from below.
        case .minimax: -Thresholds.vanishedLoss
        default: Thresholds.beatenLossGenerator
        }
    }
}
