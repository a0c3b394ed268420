import Runs

/// The generator makes one output, or very few, again and again.
///
/// Source: figure 5 of the article; Arora and Zhang 2017 (arXiv 1706.08224) for near-duplicates.
struct CompleteCollapse: Rule {
    let pattern = Pattern.completeCollapse
    let signals: [SeriesName] = [.diversity, .duplicates, .missingBins]

    func finding(in history: History) -> Finding? {
        let stretch = history.stretch(of: signals, lasting: history.evaluationsNeeded) {
            // Repeated outputs that reach every mode are no collapse.
            $0[0].mean < Thresholds.collapsedDiversity
                || ($0[1].mean > Thresholds.repeatedShare && $0[2].mean > Thresholds.missingShare)
        }
        guard let stretch else { return nil }
        let (diversity, repeated) = (stretch.typical(.diversity), stretch.typical(.duplicates))
        let severity = max(
            strength(Thresholds.collapsedDiversity / max(diversity, 1e-6), over: 1),
            strength(repeated, over: Thresholds.repeatedShare))
        return Finding(
            failure: .modeCollapse, pattern: pattern, severity: severity, sinceStep: stretch.firstStep,
            summary:
                "The generator makes the same few outputs again and again: since step \(stretch.firstStep) its samples are "
                + "\(words(diversity * 100)) % as diverse as the data, and \(words(repeated * 100)) % of them nearly equal another one "
                + "(real examples: 1 %).",
            evidence: [
                diversity < Thresholds.collapsedDiversity
                    ? stretch.evidence(.diversity, threshold: Thresholds.collapsedDiversity) : nil,
                repeated > Thresholds.repeatedShare
                    ? stretch.evidence(.duplicates, threshold: Thresholds.repeatedShare) : nil,
            ].compactMap(\.self))
    }
}
