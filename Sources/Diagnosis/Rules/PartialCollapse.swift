import Runs

/// Some modes of the data are never made, or hardly, or the modes are made in the wrong proportions.
///
/// Where the data's modes lie apart, losing more than one in ten is enough. Elsewhere bins are parts of one cloud; then many must be
/// missing, or the proportions be far off.
///
/// Source: Richardson and Weiss 2018 (arXiv 1805.12462); modes that lie apart: VEEGAN (arXiv 1705.07761).
struct PartialCollapse: Rule {
    let pattern = Pattern.partialCollapse
    let signals: [SeriesName] = [.missingBins, .jensenShannon, .jensenShannonHeldOut, .precision]

    func finding(in history: History) -> Finding? { lostModes(history) ?? lostBins(history) }

    private func lostModes(_ history: History) -> Finding? {
        let limit = Thresholds.missingModes
        let stretch = history.stretch(of: [.missingModes], lasting: history.evaluationsNeeded) { $0[0].mean > limit }
        guard let stretch else { return nil }
        let missing = stretch.typical(.missingModes)
        return Finding(
            failure: .modeCollapse, pattern: pattern, severity: strength(missing, over: limit),
            sinceStep: stretch.firstStep,
            summary:
                "Modes are missing: since step \(stretch.firstStep), \(words(missing * 100)) % of the data's modes get less "
                + "than a tenth of the samples that they should.",
            evidence: [stretch.evidence(.missingModes, threshold: limit)])
    }

    private func lostBins(_ history: History) -> Finding? {
        let stretch = history.stretch(of: signals, lasting: history.evaluationsNeeded) {
            let excess = $0[1].mean - $0[2].mean
            return excess > Thresholds.skewedDivergence(precision: $0[3].mean)
                || ($0[0].mean > Thresholds.missingShare && excess > Thresholds.missingDivergence)
        }
        guard let stretch else { return nil }
        let missing = stretch.typical(.missingBins)
        let divergence = stretch.typical(.jensenShannon)
        let isMissing = missing > Thresholds.missingShare
        let excess = divergence - stretch.typical(.jensenShannonHeldOut)
        let skewed = Thresholds.skewedDivergence(precision: stretch.typical(.precision))
        let limit =
            stretch.typical(.jensenShannonHeldOut) + min(skewed, isMissing ? Thresholds.missingDivergence : skewed)
        let finding =
            isMissing
            ? "Modes are missing: since step \(stretch.firstStep), \(words(missing * 100)) % of the data's bins get less than a "
                + "tenth of the samples that they should."
            : "Some modes are made too rarely and others too often: since step \(stretch.firstStep) the proportions diverge from the "
                + "data's by \(words(divergence)), where those of real examples do by \(words(stretch.typical(.jensenShannonHeldOut)))."
        return Finding(
            failure: .modeCollapse, pattern: pattern,
            severity: max(
                strength(missing, over: Thresholds.missingShare), strength(excess, over: skewed)),
            sinceStep: stretch.firstStep, summary: finding,
            evidence: [
                isMissing ? stretch.evidence(.missingBins, threshold: Thresholds.missingShare) : nil,
                stretch.evidence(.jensenShannon, threshold: limit),
            ].compactMap(\.self))
    }
}
