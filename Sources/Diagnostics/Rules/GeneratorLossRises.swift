import Measurements
import Recipes

/// The generator's loss rises steadily after a calm period: the players are losing their balance.
///
/// Source: figures 10, 11 and 14 of the article; Brownlee, "How to Identify and Diagnose GAN Failure Modes".
struct GeneratorLossRises: Rule {
    let pattern = Pattern.generatorLossRises
    let signals: [SeriesName] = [.lossGenerator]

    func applies(to objective: Objective) -> Bool { objective == .nonSaturating || objective == .dragan }

    func finding(in history: History) -> Finding? {
        let all = Array(history.windows(.lossGenerator).dropFirst(Thresholds.settling))
        guard all.count >= 3 * Thresholds.persistence else { return nil }
        // Average ten windows, so that neither a spike nor a lull decides.
        let means = stride(from: 0, through: all.count - 10, by: 5).map { start in
            all[start..<start + 10].map(\.mean).reduce(0, +) / 10
        }
        guard means.allSatisfy(\.isFinite), let calm = means.indices.min(by: { means[$0] < means[$1] }),
            let last = means.last
        else { return nil }
        let rise = Array(means[calm...])
        let limit = Thresholds.risenTimes * max(means[calm], Thresholds.calmLoss)
        guard rise.count >= 4, last > limit, kendall(rise) > Thresholds.risenCorrelation else { return nil }
        let quiet = rise.lastIndex { $0 < Thresholds.calmFactor * max(means[calm], Thresholds.calmLoss) } ?? 0
        let since = all[min((calm + quiet) * 5, all.count - 1)].firstStep
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            // The finding only warns, however far the loss has risen.
            severity: Thresholds.lowestWarning + 0.3 * (strength(last, over: limit, scale: 3) - 0.5), sinceStep: since,
            summary:
                "The generator's loss has been rising since \(history.place(since)), from \(words(means[calm])) to \(words(last)): "
                + "the discriminator is getting ahead.",
            evidence: [
                Evidence(
                    signal: SeriesName.lossGenerator.rawValue, value: last, threshold: limit, fromStep: since,
                    toStep: all.last?.lastStep ?? since)
            ])
    }

    /// Kendall's rank correlation of values with their order, from −1 (falling) to 1 (rising).
    private func kendall(_ values: [Double]) -> Double {
        let stepped =
            values.count > 60 ? stride(from: 0, to: values.count, by: values.count / 60).map { values[$0] } : values
        var sum = 0
        for (index, value) in stepped.enumerated() {
            for later in stepped[(index + 1)...] { sum += later > value ? 1 : later < value ? -1 : 0 }
        }
        return Double(sum) / Double(max(1, stepped.count * (stepped.count - 1) / 2))
    }
}
