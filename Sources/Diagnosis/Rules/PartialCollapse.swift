import Runs

/// Some modes of the data are never made, or hardly.
///
/// Source: Richardson and Weiss 2018 (arXiv 1805.12462).
struct PartialCollapse: Rule {
    let pattern = Pattern.partialCollapse
    let signals: [SeriesName] = [.missingBins, .jensenShannon, .jensenShannonHeldOut]

    func finding(in history: History) -> Finding? {
        let stretch = history.stretch(of: signals, lasting: history.evaluationsNeeded) {
            $0[0].mean > Thresholds.missingShare && $0[1].mean > Thresholds.divergenceTimes * $0[2].mean
        }
        guard let stretch else { return nil }
        let missing = stretch.mean(.missingBins)
        return Finding(
            failure: .modeCollapse, pattern: pattern, severity: strength(missing, over: Thresholds.missingShare),
            sinceStep: stretch.firstStep,
            summary:
                "Modes are missing: since step \(stretch.firstStep), \(words(missing * 100)) % of the data's bins get less than a "
                + "tenth of the samples that they should.",
            evidence: [
                stretch.evidence(.missingBins, threshold: Thresholds.missingShare),
                stretch.evidence(
                    .jensenShannon, threshold: Thresholds.divergenceTimes * stretch.mean(.jensenShannonHeldOut)),
            ])
    }
}
