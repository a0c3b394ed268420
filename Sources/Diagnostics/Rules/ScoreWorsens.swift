import Measurements

/// A score of the samples, such as FID, was good and has worsened permanently: the best evidence of a collapse or of a
/// run that went on for too long.
///
/// Source: runs published with PyTorch-StudioGAN, several of which collapse late while their losses look as before.
struct ScoreWorsens: Rule {
    let pattern = Pattern.scoreWorsens
    // Any score is enough.
    let signals: [SeriesName] = []

    func finding(in history: History) -> Finding? {
        let worsened = Score.allCases.filter(\.isOfSamples).compactMap { Worsening($0, history) }
        // FID compares whole distributions, so it comes first; then the score that worsened most.
        guard
            let worst = worsened.max(by: {
                ($0.score == .frechet ? 1 : 0, $0.times) < ($1.score == .frechet ? 1 : 0, $1.times)
            })
        else {
            return nil
        }
        let lostVariety = worsened.contains { $0.score.isOfVariety }
        let others = worsened.filter { $0.score != worst.score }.map(\.sentence)
        return Finding(
            failure: lostVariety ? .modeCollapse : .convergenceFailure, pattern: pattern,
            severity: strength(worst.times, over: Thresholds.worsenedTimes), sinceStep: worst.since,
            summary:
                "The samples got worse after \(history.place(worst.bestStep)): \(([worst.sentence] + others).joined(separator: ", "))."
                + (worst.bestStep > 0 ? " Go back to the checkpoint of \(history.place(worst.bestStep))." : ""),
            evidence: worsened.map(\.evidence))
    }

    /// How far a score is from its best.
    private struct Worsening {
        let score: Score
        let best, now, times: Double
        let bestStep, since, lastStep: Int

        init?(_ score: Score, _ history: History) {
            let windows = history.windows(score.series).filter { $0.mean.isFinite }
            let count = Thresholds.worsenedScores
            guard windows.count > count else { return nil }
            func isBetter(_ first: Double, _ second: Double) -> Bool {
                score.lowerIsBetter ? first < second : first > second
            }
            func times(_ value: Double, _ best: Double) -> Double {
                let (high, low) = score.lowerIsBetter ? (value, best) : (best, value)
                return low > 0 ? high / low : high > 0 ? .infinity : 1
            }
            // The latest of the equally good scores.
            guard let best = windows.reversed().min(by: { isBetter($0.mean, $1.mean) }), let last = windows.last else {
                return nil
            }
            let newest = windows.suffix(count).map(\.mean).sorted()
            let now = newest[newest.count / 2]
            // All of the newest scores must be worse, so that one bad evaluation decides nothing.
            guard newest.allSatisfy({ times($0, best.mean) > Thresholds.worsenedTimes }) else { return nil }
            (self.score, self.best, self.now) = (score, best.mean, now)
            self.times = times(now, best.mean)
            bestStep = best.lastStep
            lastStep = last.lastStep
            let bad = windows.reversed().prefix { times($0.mean, best.mean) > Thresholds.worsenedTimes }
            since = bad.last?.firstStep ?? last.firstStep
        }

        var sentence: String { "\(score.words) went from \(words(best)) to \(words(now))" }

        var evidence: Evidence {
            let limit = score.lowerIsBetter ? best * Thresholds.worsenedTimes : best / Thresholds.worsenedTimes
            return Evidence(signal: score.words, value: now, threshold: limit, fromStep: since, toStep: lastStep)
        }
    }
}
