import Runs

/// The generator's gradient is so small that it no longer learns.
///
/// Source: Arjovsky and Bottou 2017 (arXiv 1701.04862): the better the discriminator, the smaller the gradient of log(1 − D).
struct VanishingGradients: Rule {
    let pattern = Pattern.vanishingGradients
    let signals: [SeriesName] = [.gradientNormGenerator]

    /// A critic with clipped weights has small slopes by construction, and RMSprop takes the scale out again.
    func applies(to objective: Objective) -> Bool { objective != .wasserstein }

    func finding(in history: History) -> Finding? {
        let series = SeriesName.gradientNormGenerator
        let limit = Thresholds.vanishedGradient
        guard
            let stretch = history.stretch(of: [series], lasting: history.windowsNeeded, where: { $0[0].mean < limit })
        else { return nil }
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            severity: strength(limit / max(stretch.typical(series), 1e-12), over: 1, scale: 10),
            sinceStep: stretch.firstStep,
            summary:
                "The generator no longer learns: since \(history.place(stretch.firstStep)) the norm of its gradient is "
                + "\(words(stretch.typical(series))), under \(words(limit)).",
            evidence: [stretch.evidence(series, threshold: limit)])
    }
}
