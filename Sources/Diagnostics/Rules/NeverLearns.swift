import Measurements

/// According to the scores in the run's own log, the samples were never good and no longer improve.
///
/// Source: runs published with PyTorch-StudioGAN; Heusel et al. 2017 (arXiv 1706.08500) for the scale of FID.
struct NeverLearns: Rule {
    let pattern = Pattern.neverLearns
    // Either score is enough.
    let signals: [SeriesName] = []

    func finding(in history: History) -> Finding? {
        let frechet = history.windows(Score.frechet.series).filter { $0.mean.isFinite }
        let inception = history.windows(Score.inception.series).filter { $0.mean.isFinite }
        var evidence: [Evidence] = []
        if let best = frechet.map(\.mean).min(), best > Thresholds.unlearnedFrechet, NeverLearns.hasStalled(frechet) {
            evidence.append(NeverLearns.evidence(.frechet, best, Thresholds.unlearnedFrechet, frechet))
        }
        if let best = inception.map(\.mean).max(), best < Thresholds.unlearnedInception,
            inception.count >= Thresholds.scoresOfNoLearning
        {
            evidence.append(NeverLearns.evidence(.inception, best, Thresholds.unlearnedInception, inception))
        }
        guard let first = evidence.first else { return nil }
        let ratio = first.value > first.threshold ? first.value / first.threshold : first.threshold / first.value
        let scores = evidence.map { "\($0.signal) was never better than \(words($0.value))" }
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: max(0.6, strength(ratio, over: 1)),
            sinceStep: first.fromStep,
            summary:
                "The generator has not learned the data: \(scores.joined(separator: ", ")), and no longer improves.",
            evidence: evidence)
    }

    /// Whether the scores of the last third are hardly better than those of the third before, and the newest is not at
    /// least 3 % better than all before it.
    private static func hasStalled(_ windows: [Window]) -> Bool {
        guard windows.count >= Thresholds.scoresOfNoLearning, let newest = windows.last?.mean,
            let best = windows.dropLast().map(\.mean).min(),
            newest > Thresholds.newBest * best
        else { return false }
        let third = max(1, windows.count / 3)
        func median(_ windows: ArraySlice<Window>) -> Double {
            let sorted = windows.map(\.mean).sorted()
            return sorted[sorted.count / 2]
        }
        let (before, now) = (
            median(windows[(windows.count - 2 * third)..<(windows.count - third)]), median(windows.suffix(third))
        )
        return now >= Thresholds.unimproved * before
    }

    private static func evidence(_ score: Score, _ best: Double, _ limit: Double, _ windows: [Window]) -> Evidence {
        Evidence(
            signal: score.words, value: best, threshold: limit, fromStep: windows.first?.firstStep ?? 0,
            toStep: windows.last?.lastStep ?? 0)
    }
}
