import Measurements

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
        func isBroken(_ diversity: Double, _ repeated: Double) -> Bool {
            diversity < Thresholds.collapsedDiversity || repeated > Thresholds.repeatedShare
        }
        var (diversity, repeated) = (stretch.typical(.diversity), stretch.typical(.duplicates))
        // Where the two take turns neither median may break its threshold; the newest evaluation does.
        if !isBroken(diversity, repeated) {
            (diversity, repeated) = (stretch.last(.diversity), stretch.last(.duplicates))
        }
        let severity = max(
            strength(Thresholds.collapsedDiversity / max(diversity, 1e-6), over: 1),
            strength(repeated, over: Thresholds.repeatedShare))
        // Only what breaks its threshold.
        let clauses = [
            diversity < Thresholds.collapsedDiversity
                ? "its samples are \(words(diversity * 100)) % as diverse as the data" : nil,
            repeated > Thresholds.repeatedShare
                ? "\(words(repeated * 100)) % of its samples nearly equal another one (real examples: 1 %)" : nil,
        ].compactMap(\.self)
        return Finding(
            failure: .modeCollapse, pattern: pattern, severity: severity, sinceStep: stretch.firstStep,
            summary: "The generator makes the same few outputs again and again: \(history.since(stretch.firstStep))"
                + clauses.joined(separator: ", and ") + ".",
            evidence: [
                diversity < Thresholds.collapsedDiversity
                    ? stretch.evidence(.diversity, threshold: Thresholds.collapsedDiversity) : nil,
                repeated > Thresholds.repeatedShare
                    ? stretch.evidence(.duplicates, threshold: Thresholds.repeatedShare) : nil,
            ].compactMap(\.self))
    }
}
