import Measurements
import Recipes

/// The losses oscillate for a long time without settling: the two players chase each other.
///
/// Source: figures 6, 9, 10 and 11 of the article; Brownlee, "How to Identify and Diagnose GAN Failure Modes".
struct Oscillation: Rule {
    let pattern = Pattern.oscillation
    let signals: [SeriesName] = [.lossGenerator]

    func applies(to objective: Objective) -> Bool { objective.hasProbabilities || objective == .leastSquares }

    func finding(in history: History) -> Finding? {
        let all = history.windows(.lossGenerator).dropFirst(Thresholds.settling)
        let recent = Array(all.suffix(40))
        guard recent.count == 40, recent.allSatisfy({ $0.mean.isFinite }) else { return nil }
        let values = recent.map(\.mean)
        let average = values.reduce(0, +) / 40
        // Measure deviations from a straight line, so that a steady rise is not an oscillation.
        let middle = 19.5
        let slope = zip(0..., values).reduce(0) { $0 + (Double($1.0) - middle) * ($1.1 - average) } / 5330
        let rest = zip(0..., values).map { $1 - average - slope * (Double($0) - middle) }
        let deviation = (rest.reduce(0) { $0 + $1 * $1 } / 40).squareRoot()
        let crossings = zip(rest, rest.dropFirst()).count { ($0 < 0) != ($1 < 0) }
        let share = deviation / max(abs(average), 0.5)
        guard share > Thresholds.swing, crossings >= 6 else { return nil }
        let (from, to) = (recent[0].firstStep, recent[39].lastStep)
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            // The finding only warns, however strong the oscillation.
            severity: Thresholds.lowestWarning + 0.3 * (strength(share, over: Thresholds.swing, scale: 3) - 0.5),
            sinceStep: from,
            summary:
                "The losses do not settle: over the last \(history.length(to - from + 1)), the generator's loss "
                + "oscillates by \(words(share * 100)) % around its mean of \(words(average)).",
            evidence: [
                Evidence(
                    signal: "loss_generator, oscillation relative to its mean", value: share,
                    threshold: Thresholds.swing, fromStep: from, toStep: to)
            ])
    }
}
