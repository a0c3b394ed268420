extension History {
    /// Whether a training has logged scores of its samples itself.
    var hasScoresOfSamples: Bool { Score.allCases.contains { $0.isOfSamples && has($0.series) } }

    /// Whether the scores that a training has logged are those of one that learned, and is near its best.
    ///
    /// FID decides: it is the one score whose scale is the same everywhere.
    var scoresAreFair: Bool {
        let scores = windows(Score.frechet.series).map(\.mean).filter(\.isFinite)
        guard scores.count >= Thresholds.worsenedScores + 1, let best = scores.min(), best < Thresholds.unlearnedFrechet
        else {
            return false
        }
        return scores.suffix(Thresholds.worsenedScores).allSatisfy { $0 <= Thresholds.worsenedTimes * best }
    }
}
