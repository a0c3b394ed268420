import Measurements

/// The generator jumps from one set of modes to another: some modes are always missing, but each time different ones.
///
/// Source: Metz et al. 2016 (arXiv 1611.02163), figure 2: a plain GAN rotates through the modes of a ring.
struct DriftingCollapse: Rule {
    let pattern = Pattern.driftingCollapse
    let signals: [SeriesName] = [.binDrift, .missingBins]

    func finding(in history: History) -> Finding? {
        let stretch = history.stretch(of: signals, lasting: history.evaluationsNeeded + 1) {
            $0[0].mean > Thresholds.driftDivergence && $0[1].mean > Thresholds.missingShare
        }
        guard let stretch else { return nil }
        return Finding(
            failure: .modeCollapse, pattern: pattern,
            severity: strength(stretch.typical(.binDrift), over: Thresholds.driftDivergence),
            sinceStep: stretch.firstStep,
            summary:
                "Modes come and go: \(history.since(stretch.firstStep))the samples jump between parts of the data, "
                + "with a divergence of \(words(stretch.typical(.binDrift))) from one evaluation to the next and "
                + "\(words(stretch.typical(.missingBins) * 100)) % of the bins missing at a time.",
            evidence: [
                stretch.evidence(.binDrift, threshold: Thresholds.driftDivergence),
                stretch.evidence(.missingBins, threshold: Thresholds.missingShare),
            ])
    }
}
