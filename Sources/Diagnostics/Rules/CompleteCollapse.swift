import Measurements

/// The generator produces one output, or very few, again and again.
///
/// Repeated images are a warning if few bins are missing, and a failure if nearly all images are repeated. Points are
/// not judged by repetition alone, because they may be repeated in every mode.
///
/// Source: figure 5 of the article; Arora and Zhang 2017 (arXiv 1706.08224) for near-duplicates.
struct CompleteCollapse: Rule {
    let pattern = Pattern.completeCollapse
    let signals: [SeriesName] = [.diversity, .duplicates, .missingBins]

    func finding(in history: History) -> Finding? {
        let arePoints = history.context.arePoints || history.has(.missingModes)
        let stretch = history.stretch(of: signals, lasting: history.evaluationsNeeded) {
            $0[0].mean < Thresholds.collapsedDiversity
                || ($0[1].mean > Thresholds.repeatedShare && (!arePoints || $0[2].mean > Thresholds.missingShare))
        }
        guard let stretch else { return nil }
        func isBroken(_ diversity: Double, _ repeated: Double) -> Bool {
            diversity < Thresholds.collapsedDiversity || repeated > Thresholds.repeatedShare
        }
        var (diversity, repeated) = (stretch.typical(.diversity), stretch.typical(.duplicates))
        var missing = stretch.typical(.missingBins)
        // If the two criteria alternate, neither median may cross its threshold, but the newest evaluation does.
        if !isBroken(diversity, repeated) {
            (diversity, repeated) = (stretch.last(.diversity), stretch.last(.duplicates))
            missing = stretch.last(.missingBins)
        }
        let isSpread = diversity >= Thresholds.collapsedDiversity && missing <= Thresholds.missingShare
        let severity =
            isSpread && repeated < Thresholds.repeatedEverywhere
            ? CompleteCollapse.warning(repeated)
            : max(
                strength(Thresholds.collapsedDiversity / max(diversity, 1e-6), over: 1),
                strength(repeated, over: Thresholds.repeatedShare))
        // State only the values that cross their thresholds.
        let clauses = [
            diversity < Thresholds.collapsedDiversity
                ? "its samples are \(words(diversity * 100)) % as diverse as the data" : nil,
            repeated > Thresholds.repeatedShare
                ? "\(words(repeated * 100)) % of its samples are near-duplicates of another one (real examples: 1 %)"
                : nil,
        ].compactMap(\.self)
        return Finding(
            failure: .modeCollapse, pattern: pattern, severity: severity, sinceStep: stretch.firstStep,
            summary: (isSpread
                ? "The generator repeats itself: " : "The generator produces the same few outputs again and again: ")
                + history.since(stretch.firstStep) + clauses.joined(separator: ", and ")
                + (isSpread ? ", though only \(words(missing * 100)) % of the data's bins are missing." : "."),
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
        return Thresholds.lowestWarning + (Thresholds.highestWarning - Thresholds.lowestWarning)
            * max(0, repeated - low) / (high - low)
    }
}
