import Runs

/// Both players' losses drop to zero in the first epochs: the generator found fakes that are trivially told apart.
///
/// Source: the article's text on convergence failure.
struct LossesVanish: Rule {
    let pattern = Pattern.lossesVanish
    let signals: [SeriesName] = [.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake]

    /// A critic's losses cross zero, and an autoencoder's are small.
    func applies(to objective: Objective) -> Bool {
        switch objective {
        case .wasserstein, .wassersteinGradientPenalty, .began: false
        default: true
        }
    }

    /// Where the objective is unknown, losses that fall to zero from elsewhere tell enough.
    func applies(to history: History) -> Bool {
        !history.context.isObjectiveKnown || applies(to: history.objective)
    }

    func finding(in history: History) -> Finding? {
        let limit = Thresholds.vanishedLoss
        // Where only some objectives would do, the losses must have come from elsewhere.
        let isMinimax = history.objective == .minimax
        let isKnown = history.context.isObjectiveKnown
        guard
            isKnown || signals.contains(where: { history.windows($0).first?.mean ?? 0 > 2 * limit }),
            let stretch = history.stretch(
                of: signals, lasting: history.windowsNeeded,
                where: { windows in
                    // Negative losses are another objective's, but for log(1 − D(f)).
                    windows.allSatisfy { abs($0.mean) < limit && (isMinimax || $0.minimum >= 0) }
                })
        else { return nil }
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            // A generator that also has targets still learns from those.
            severity: history.context.hasTargets ? 0.45 : 0.9, sinceStep: stretch.firstStep,
            summary:
                "All losses have dropped to zero since \(history.place(stretch.firstStep)): the samples are told apart without effort, "
                + "and the generator is no longer taught anything.",
            evidence: signals.map { stretch.evidence($0, threshold: limit) })
    }
}
