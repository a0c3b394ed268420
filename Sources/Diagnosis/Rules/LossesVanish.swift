import Runs

/// Both players' losses drop to zero in the first epochs: the generator found fakes that are trivially told apart.
///
/// Source: the article's text on convergence failure.
struct LossesVanish: Rule {
    let pattern = Pattern.lossesVanish
    let signals: [SeriesName] = [.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake]

    func applies(to objective: Objective) -> Bool { objective.hasProbabilities || objective == .leastSquares }

    func finding(in history: History) -> Finding? {
        let limit = Thresholds.vanishedLoss
        guard
            let stretch = history.stretch(
                of: signals, lasting: history.windowsNeeded,
                where: { windows in
                    windows.allSatisfy { abs($0.mean) < limit }
                })
        else { return nil }
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: 0.9, sinceStep: stretch.firstStep,
            summary:
                "All losses have dropped to zero since step \(stretch.firstStep): the samples are told apart without effort, "
                + "and the generator is no longer taught anything.",
            evidence: signals.map { stretch.evidence($0, threshold: limit) })
    }
}
