import Runs

/// The samples lie far from the data, whatever the losses say.
///
/// Source: figure 4 of the article; precision as of Kynkäänniemi et al. 2019 (arXiv 1904.06991).
struct BadQuality: Rule {
    let pattern = Pattern.badQuality
    let signals: [SeriesName] = [.precision, .coverage]

    func finding(in history: History) -> Finding? {
        let stretch = history.stretch(of: signals, lasting: history.evaluationsNeeded) {
            $0[0].mean < Thresholds.badPrecision
        }
        guard let stretch else { return nil }
        let precision = stretch.mean(.precision)
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            severity: strength(Thresholds.badPrecision / max(precision, 1e-6), over: 1), sinceStep: stretch.firstStep,
            summary:
                "The samples do not look like the data: since step \(stretch.firstStep) only \(words(precision * 100)) % of them lie "
                + "among real examples, and they reach \(words(stretch.mean(.coverage) * 100)) % of those.",
            evidence: [stretch.evidence(.precision, threshold: Thresholds.badPrecision)])
    }
}
