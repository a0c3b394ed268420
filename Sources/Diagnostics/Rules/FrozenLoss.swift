import Measurements

/// A loss no longer changes at all: its player does not learn, or the logged value is not the loss of a player that
/// learns.
///
/// Zero is left to the rules for losses of zero, because printed numbers round to it.
struct FrozenLoss: Rule {
    let pattern = Pattern.frozenLoss
    // Any loss is enough.
    let signals: [SeriesName] = []

    /// The number of equal values that show a frozen loss. Fewer are enough if the loss has never changed, and its
    /// digits show that it was not rounded to four decimals.
    private static func enoughValues(_ value: Double, isConstant: Bool) -> Int {
        let scaled = value * 10_000
        let isRounded = abs(scaled - scaled.rounded()) < 1e-6 * max(1, abs(scaled))
        return isConstant && !isRounded ? Thresholds.equalUnroundedLosses : Thresholds.equalLosses
    }

    func finding(in history: History) -> Finding? {
        // Check a total loss before halves that were derived from it.
        for series in [SeriesName.lossDiscriminator, .lossDiscriminatorReal, .lossDiscriminatorFake, .lossGenerator] {
            let limit = Thresholds.frozenLoss
            let newest = history.windows(series).last?.mean ?? 0
            let stretch = history.stretch(of: [series], lasting: history.windowsNeeded) { windows in
                let window = windows[0]
                let range = max(abs(window.maximum - newest), abs(window.minimum - newest))
                return window.nonFiniteCount == 0 && abs(newest) > 1e-4 && range <= limit * abs(newest)
            }
            guard let stretch, let windows = stretch.windows[series],
                windows.map(\.count).reduce(0, +)
                    >= FrozenLoss.enoughValues(
                        newest, isConstant: stretch.firstStep == history.windows(series).first?.firstStep),
                // A series that ended long ago says nothing about the present.
                (history.lastStep - stretch.lastStep) * stretch.count <= 4 * (stretch.lastStep - stretch.firstStep)
            else { continue }
            let whose = series == .lossGenerator ? "generator" : "discriminator"
            return Finding(
                failure: .convergenceFailure, pattern: pattern, severity: 0.8, sinceStep: stretch.firstStep,
                summary:
                    "The \(whose)'s loss has stopped changing: since \(history.place(stretch.firstStep)), it has "
                    + "stayed at \(words(newest)).",
                evidence: [
                    Evidence(
                        signal: "\(series), largest relative change", value: 0, threshold: limit,
                        fromStep: stretch.firstStep,
                        toStep: stretch.lastStep)
                ])
        }
        return nil
    }
}
