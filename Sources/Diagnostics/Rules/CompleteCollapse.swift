import Measurements

/// The generator makes one output, or very few, again and again.
///
/// Repeated outputs that reach every bin are a warning, and a failure if nearly all of them are repeated.
///
/// Source: figure 5 of the article; Arora and Zhang 2017 (arXiv 1706.08224) for near-duplicates.
struct CompleteCollapse: Rule {
    let pattern = Pattern.completeCollapse
    let signals: [SeriesName] = [.diversity, .duplicates, .missingBins]

    func finding(in history: History) -> Finding? {
        // Where the data's modes lie apart, each may be repeated points; that is a collapse only if modes are missing too.
        let mayRepeat = history.has(.missingModes)
        let stretch = history.stretch(of: signals, lasting: history.evaluationsNeeded) {
            $0[0].mean < Thresholds.collapsedDiversity
                || ($0[1].mean > Thresholds.repeatedShare && (!mayRepeat || $0[2].mean > Thresholds.missingShare))
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
        let isEverywhere =
            diversity >= Thresholds.collapsedDiversity && stretch.typical(.missingBins) <= Thresholds.missingShare
        let severity =
            isEverywhere && repeated < Thresholds.repeatedEverywhere
            ? CompleteCollapse.warning(repeated)
            : max(
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
                + clauses.joined(separator: ", and ")
                + (isEverywhere ? ", though they reach every part of the data." : "."),
            evidence: [
                diversity < Thresholds.collapsedDiversity
                    ? stretch.evidence(.diversity, threshold: Thresholds.collapsedDiversity) : nil,
                repeated > Thresholds.repeatedShare
                    ? stretch.evidence(.duplicates, threshold: Thresholds.repeatedShare) : nil,
            ].compactMap(\.self))
    }

    /// The severity of a warning: 0.3 at the threshold, 0.45 where it becomes a failure.
    private static func warning(_ repeated: Double) -> Double {
        let (low, high) = (Thresholds.repeatedShare, Thresholds.repeatedEverywhere)
        return 0.3 + 0.15 * max(0, repeated - low) / (high - low)
    }
}
