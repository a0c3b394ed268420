import Runs

/// The samples are copies of training examples.
///
/// Source: nearest neighbours in the training set, as in Goodfellow et al. 2014, figure 2.
struct Memorization: Rule {
    let pattern = Pattern.memorization
    let signals: [SeriesName] = [.memorized, .memorizedHeldOut]

    func finding(in history: History) -> Finding? {
        let stretch = history.stretch(of: signals, lasting: history.evaluationsNeeded) {
            $0[0].mean - $0[1].mean > Thresholds.memorizedExcess
        }
        guard let stretch else { return nil }
        let (samples, real) = (stretch.mean(.memorized), stretch.mean(.memorizedHeldOut))
        return Finding(
            failure: .modeCollapse, pattern: pattern,
            severity: strength(samples - real, over: Thresholds.memorizedExcess), sinceStep: stretch.firstStep,
            summary:
                "The generator copies training examples: since step \(stretch.firstStep), \(words(samples * 100)) % of its samples "
                + "nearly equal one, where of fresh real examples \(words(real * 100)) % do.",
            evidence: [stretch.evidence(.memorized, threshold: real + Thresholds.memorizedExcess)])
    }
}
