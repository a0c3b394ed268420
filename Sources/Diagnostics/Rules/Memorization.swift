import Measurements

/// The samples are copies of training examples.
///
/// Source: Gu et al. 2023 (arXiv 2310.02664) for the definition of a copy; comparing samples with the nearest training
/// examples goes back to Goodfellow et al. 2014, figure 2.
struct Memorization: Rule {
    let pattern = Pattern.memorization
    let signals: [SeriesName] = [.memorized, .memorizedHeldOut]

    func finding(in history: History) -> Finding? {
        let stretch = history.stretch(of: signals, lasting: history.evaluationsNeeded) {
            $0[0].mean - $0[1].mean > Thresholds.memorizedExcess
        }
        guard let stretch else { return nil }
        let (samples, real) = (stretch.typical(.memorized), stretch.typical(.memorizedHeldOut))
        return Finding(
            failure: .modeCollapse, pattern: pattern,
            severity: strength(samples - real, over: Thresholds.memorizedExcess), sinceStep: stretch.firstStep,
            summary:
                "The generator memorizes training examples: \(history.since(stretch.firstStep))\(words(samples * 100)) "
                + "% of its samples are three times closer to one of them than to any other (real examples: "
                + "\(words(real * 100)) %).",
            evidence: [stretch.evidence(.memorized, threshold: real + Thresholds.memorizedExcess)])
    }
}
