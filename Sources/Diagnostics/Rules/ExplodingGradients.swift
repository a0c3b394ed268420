import Measurements

/// Gradients are far larger than they were, or than they should ever be.
///
/// Source: ganhacks, tip 10 ("if norms of gradients are over 100 things are screwing up").
struct ExplodingGradients: Rule {
    let pattern = Pattern.explodingGradients
    // Either player's norm is enough.
    let signals: [SeriesName] = []

    func finding(in history: History) -> Finding? {
        for series in [SeriesName.gradientNormGenerator, .gradientNormDiscriminator] {
            let norms = history.windows(series).map(\.mean).filter(\.isFinite).sorted()
            // The calm level is that of the calmest tenth. Norms that are huge from the start are never a network's
            // calm level.
            let calm = norms.isEmpty ? 0 : norms[norms.count / 10]
            let limit = min(
                max(Thresholds.explodedGradient, Thresholds.explodedTimes * calm), Thresholds.hugeGradient)
            guard
                let stretch = history.stretch(
                    of: [series], lasting: (history.windowsNeeded + 1) / 2, where: { $0[0].mean > limit })
            else { continue }
            let whose = series == .gradientNormGenerator ? "generator" : "discriminator"
            return Finding(
                failure: .convergenceFailure, pattern: pattern,
                severity: strength(stretch.typical(series), over: limit, scale: 10), sinceStep: stretch.firstStep,
                summary:
                    "The \(whose)'s gradients have exploded: since \(history.place(stretch.firstStep)), their norm has "
                    + "been \(words(stretch.typical(series))), above \(words(limit)).",
                evidence: [stretch.evidence(series, threshold: limit)])
        }
        return nil
    }
}
