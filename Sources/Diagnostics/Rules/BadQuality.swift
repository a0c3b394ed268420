import Measurements

/// The samples lie far from the data, whatever the losses show.
///
/// Source: figure 4 of the article; coverage as defined by Naeem et al. 2020 (arXiv 2002.09797).
struct BadQuality: Rule {
    let pattern = Pattern.badQuality
    let signals: [SeriesName] = [.precision, .coverage]

    func finding(in history: History) -> Finding? {
        if let finding = farInFeatures(history) { return finding }
        // If there is a classifier, its features measure similarity better than pixels do.
        let features: [SeriesName] = history.has(.coverageFeatures) ? [.coverageFeatures] : []
        let stretch = history.stretch(of: signals + features, lasting: history.evaluationsNeeded) {
            $0[1].mean < Thresholds.badCoverage && ($0.count < 3 || $0[2].mean < Thresholds.fairCoverageOfFeatures)
        }
        guard let stretch else { return betweenModes(history) }
        let coverage = stretch.typical(.coverage)
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            severity: strength(Thresholds.badCoverage / max(coverage, 1e-6), over: 1), sinceStep: stretch.firstStep,
            summary:
                "The samples do not look like the data: \(history.since(stretch.firstStep))only "
                + "\(words(coverage * 100)) % of the real examples have a sample near them, and "
                + "\(words(stretch.typical(.precision) * 100)) % of the samples lie among real examples.",
            evidence: [stretch.evidence(.coverage, threshold: Thresholds.badCoverage)])
    }

    /// Detects samples that are far from all real examples in the features of a classifier, such as gray blots, which
    /// pixels take for digits.
    private func farInFeatures(_ history: History) -> Finding? {
        let limit = Thresholds.badCoverageOfFeatures
        let stretch = history.stretch(of: [.coverageFeatures], lasting: history.evaluationsNeeded) {
            $0[0].mean < limit
        }
        guard let stretch else { return nil }
        let coverage = stretch.typical(.coverageFeatures)
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            severity: strength(limit / max(coverage, 1e-6), over: 1), sinceStep: stretch.firstStep,
            summary:
                "The samples do not look like the data: \(history.since(stretch.firstStep))only "
                + "\(words(coverage * 100)) % of the real examples have a sample near them in the features of a "
                + "network trained on the data.",
            evidence: [stretch.evidence(.coverageFeatures, threshold: limit)])
    }

    /// Detects samples that lie between well-separated modes.
    private func betweenModes(_ history: History) -> Finding? {
        guard history.has(.missingModes) else { return nil }
        let limit = Thresholds.badPrecisionOfModes
        let stretch = history.stretch(of: [.precision], lasting: history.evaluationsNeeded) { $0[0].mean < limit }
        guard let stretch else { return nil }
        let precision = stretch.typical(.precision)
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            severity: strength(limit / max(precision, 1e-6), over: 1), sinceStep: stretch.firstStep,
            summary: "Most samples lie between the data's modes: \(history.since(stretch.firstStep))only "
                + "\(words(precision * 100)) % of them lie among real examples.",
            evidence: [stretch.evidence(.precision, threshold: limit)])
    }
}
