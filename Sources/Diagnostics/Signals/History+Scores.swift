extension History {
    /// Whether the log has scores of the run's samples.
    var hasScoresOfSamples: Bool { Score.allCases.contains { $0.isOfSamples && has($0.series) } }

    /// Whether the logged scores show that the run has learned and is near its best.
    ///
    /// FID decides, because it is the only score whose scale is the same everywhere.
    var scoresAreFair: Bool {
        let scores = windows(Score.frechet.series).map(\.mean).filter(\.isFinite)
        guard scores.count >= Thresholds.worsenedScores + 1, let best = scores.min(), best < Thresholds.unlearnedFrechet
        else {
            return false
        }
        return scores.suffix(Thresholds.worsenedScores).allSatisfy { $0 <= Thresholds.worsenedTimes * best }
    }
}
