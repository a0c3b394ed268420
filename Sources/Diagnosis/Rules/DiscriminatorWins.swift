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
        // A mean of losses hides a discriminator that is sure and right but for a few examples, each of which costs it much.
        let probabilities = [SeriesName.probabilityReal, .probabilityFake].filter(history.has)
        let stretch = history.stretch(of: [generator, real, fake] + probabilities, lasting: Thresholds.persistence) {
            let isSure =
                $0.count == 5 && $0[3].mean > Thresholds.wonProbability && $0[4].mean < 1 - Thresholds.wonProbability
            return ($0[1].mean + $0[2].mean < limit || isSure) && $0[0].mean > beaten
        }
        guard let stretch else { return nil }
        let total = stretch.typical(real) + stretch.typical(fake)
        let (how, severity, evidence) =
            total >= limit && probabilities.count == 2 ? byAnswers(stretch) : byLosses(total, stretch)
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: severity, sinceStep: stretch.firstStep,
            summary:
                "The discriminator has won: since step \(stretch.firstStep) \(how), and the generator's loss is "
                + "\(words(stretch.typical(generator))), now \(words(stretch.last(generator))).",
            evidence: evidence + [stretch.evidence(generator, threshold: beaten)])
    }

    private typealias Case = (how: String, severity: Double, evidence: [Evidence])

    private func byLosses(_ total: Double, _ stretch: Stretch) -> Case {
        let limit = Thresholds.wonLossDiscriminator
        let sum = Evidence(
            signal: "\(SeriesName.lossDiscriminatorReal) + \(SeriesName.lossDiscriminatorFake)", value: total,
            threshold: limit, fromStep: stretch.firstStep, toStep: stretch.lastStep)
        return (
            "its losses add up to only \(words(total)) (a balanced game has 1.39)",
            strength(limit / max(total, 1e-9), over: 1, scale: 10), [sum]
        )
    }

    private func byAnswers(_ stretch: Stretch) -> Case {
        let (real, fake) = (SeriesName.probabilityReal, SeriesName.probabilityFake)
        return (
            "it gives real examples a probability of \(words(stretch.typical(real))) and samples \(words(stretch.typical(fake)))",
            0.9,
            [
                stretch.evidence(real, threshold: Thresholds.wonProbability),
                stretch.evidence(fake, threshold: 1 - Thresholds.wonProbability),
            ]
        )
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
