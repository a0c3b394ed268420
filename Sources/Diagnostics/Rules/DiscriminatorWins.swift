import Measurements
import Recipes

/// The discriminator recognizes every sample: its losses are near zero, and the generator's is high or rising, so the
/// generator learns little or nothing from it.
///
/// Source: Goodfellow et al. 2014, section 3; figures 13 and 14 of the article.
struct DiscriminatorWins: Rule {
    let pattern = Pattern.discriminatorWins
    let signals = SeriesName.losses

    func applies(to objective: Objective) -> Bool { objective.hasProbabilities || objective == .leastSquares }

    func finding(in history: History) -> Finding? {
        seenByLosses(in: history) ?? seenByAnswers(in: history)
    }

    private func seenByLosses(in history: History) -> Finding? {
        let limit = DiscriminatorWins.wonLoss(history)
        let beaten = DiscriminatorWins.beatenLoss(history.objective)
        let stretch = history.stretch(of: signals, lasting: history.windowsNeeded) {
            // Negative losses belong to another objective.
            $0[1].mean + $0[2].mean < limit && min($0[1].mean, $0[2].mean) >= 0 && $0[0].mean > beaten
        }
        guard let stretch else { return nil }
        let total = stretch.typical(.lossDiscriminatorReal) + stretch.typical(.lossDiscriminatorFake)
        return finding(
            history, stretch,
            "its losses add up to only \(words(total)) (a balanced game has \(history.objective == .leastSquares ? "0.5" : "1.39"))",
            severity: strength(limit / max(total, 1e-9), over: 1, scale: 10),
            evidence: [
                Evidence(
                    signal: "\(SeriesName.lossDiscriminatorReal) + \(SeriesName.lossDiscriminatorFake)", value: total,
                    threshold: limit, fromStep: stretch.firstStep, toStep: stretch.lastStep),
                stretch.evidence(.lossGenerator, threshold: beaten),
            ])
    }

    /// A mean loss hides a discriminator that is confident and right except for a few examples, each of which costs it
    /// much.
    private func seenByAnswers(in history: History) -> Finding? {
        guard history.objective.hasProbabilities else { return nil }
        let (real, fake) = (SeriesName.probabilityReal, SeriesName.probabilityFake)
        let sure = history.has(.diversity) ? Thresholds.wonProbability : Thresholds.wonProbabilityAlone
        // The minimax generator's loss is the negated loss on fakes, so mistakes distort it just as much.
        let beaten =
            history.objective == .minimax ? -Double.infinity : DiscriminatorWins.beatenLoss(history.objective)
        let stretch = history.stretch(of: [.lossGenerator, real, fake], lasting: history.windowsNeeded) {
            $0[1].mean > sure && $0[2].mean < 1 - sure && $0[0].mean > beaten
        }
        guard let stretch else { return nil }
        let answers = "a probability of \(words(stretch.typical(real))) and samples \(words(stretch.typical(fake)))"
        return finding(
            history, stretch, "it gives real examples \(answers)", severity: 0.9,
            evidence: [stretch.evidence(real, threshold: sure), stretch.evidence(fake, threshold: 1 - sure)])
    }

    private func finding(
        _ history: History, _ stretch: Stretch, _ how: String, severity: Double, evidence: [Evidence]
    ) -> Finding {
        Finding(
            failure: .convergenceFailure, pattern: pattern,
            // With target losses, a beaten generator still learns from them; only samples show whether the run has
            // failed.
            severity: history.context.hasTargets && !history.has(.diversity)
                ? min(severity, Thresholds.highestWarning) : severity,
            sinceStep: stretch.firstStep,
            summary:
                "The discriminator has won: since \(history.place(stretch.firstStep)), \(how), and the generator's "
                + "loss is \(words(stretch.typical(.lossGenerator))), now \(words(stretch.last(.lossGenerator))).",
            evidence: evidence)
    }

    /// The loss above which a generator is beaten.
    static func beatenLoss(_ objective: Objective) -> Double {
        switch objective {
        // (D(f) − 1)² is 1 when D(f) is 0.
        case .leastSquares: 0.8
        // log(1 − D(f)) approaches 0 from below.
        case .minimax: -Thresholds.vanishedLoss
        default: Thresholds.beatenLossGenerator
        }
    }

    /// The sum of losses below which the discriminator has won. Samples can refute what losses suggest, so a larger sum
    /// suffices if there are samples.
    private static func wonLoss(_ history: History) -> Double {
        history.has(.diversity) ? Thresholds.wonLossDiscriminator : Thresholds.wonLossAlone
    }
}
