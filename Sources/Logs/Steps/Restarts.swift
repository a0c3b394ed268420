/// Decides what happens to rows whose counter goes back.
///
/// | the counter goes back | meaning | rows that count |
/// | --- | --- | --- |
/// | into the middle | a run that was resumed from a checkpoint | the later rows replace those that they repeat |
/// | to the start, and the losses continue | a resumed run whose counter restarted | all rows, the later ones after the earlier |
/// | to the start, and so do the losses | another run | the last run that is long enough |
/// | again and again | several programs that wrote to one file | all rows in their order |
struct Restarts {
    /// The rows that count, with their steps.
    private(set) var kept: [(row: Int, step: Int)] = []
    private(set) var notes: [String] = []
    /// Whether the counter goes back too often to be meaningful.
    private(set) var areInterleaved = false
    /// The length of the cycles of a counter that counts within epochs.
    private(set) var cycle: Int?

    private let counter: String
    /// Each player's losses in row order.
    private let losses: [[Double]]
    /// The positions of the current row and of the first row of the current run.
    private var place = 0
    private var start = 0
    private var runs: [[(row: Int, step: Int)]] = []
    private var resumed = 0
    private var replaced = 0
    private var continued = 0

    /// - Parameter cycles: how often the counter must restart at the same value to count within an epoch; `nil` if it
    ///   cannot do so.
    init(_ values: [Int], rows: [Int], counter: String, cycles: Int?, losses: [[Double]]) {
        self.counter = counter
        self.losses = losses
        if let cycles, let length = Restarts.cycle(values, least: cycles) {
            countOn(values, rows, by: length)
            cycle = length
            return
        }
        let falls = zip(values, values.dropFirst()).count { $0 > $1 }
        guard falls <= max(30, rows.count / 20) || falls * 4 <= rows.count && falls <= 30 else {
            areInterleaved = true
            notes = [Restarts.interleaved(counter, falls)]
            return
        }
        var offset = 0
        for (row, value) in zip(rows, values) {
            take(row, value, &offset)
            place += 1
        }
        conclude()
    }

    /// The note about a counter that goes back too often to count steps.
    static func interleaved(_ counter: String, _ falls: Int) -> String {
        "The counter “\(counter)” goes back \(times(falls)), as if several programs had written to this file, so the "
            + "rows were counted instead."
    }

    static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

    /// The maximum number of steps in an epoch.
    private static let longestEpoch = 1_000_000_000

    /// The length of a counter's cycle, if the counter restarts at the same value every time and at least `least`
    /// times.
    static func cycle(_ values: [Int], least: Int) -> Int? {
        let falls = values.indices.dropFirst().filter { values[$0 - 1] > values[$0] }
        guard falls.count >= least, let start = values.first else { return nil }
        let (tops, starts) = (falls.map { values[$0 - 1] }, falls.map { values[$0] })
        guard let highest = tops.max(), let lowest = tops.min(), highest > start + 1, highest < longestEpoch else {
            return nil
        }
        let slack = max(1, (highest - start) / 50)
        let isEven = highest - lowest <= slack && starts.allSatisfy { abs($0 - start) <= slack }
        // The last epoch may not have ended.
        guard isEven, values.last ?? 0 <= highest + slack else { return nil }
        return highest - start + max(1, values[1] - start)
    }

    private mutating func countOn(_ values: [Int], _ rows: [Int], by length: Int) {
        var epochs = 0
        for (index, value) in values.enumerated() {
            if index > 0, values[index - 1] > value { epochs += 1 }
            kept.append((rows[index], value + epochs * length))
        }
        notes = [
            "The counter “\(counter)” restarts \(Restarts.times(epochs)) at the same value, so it counts within an "
                + "epoch; the steps are numbered continuously."
        ]
    }

    private mutating func take(_ row: Int, _ value: Int, _ offset: inout Int) {
        if let last = kept.last, value + offset < last.step {
            let first = kept[0].step
            let isAtStart = value <= values(atStart: first, last.step, offset) && kept.count >= 3
            if isAtStart, goesOn() {
                offset = last.step
                continued += 1
            } else if isAtStart {
                runs.append(kept)
                (kept, offset, start) = ([], 0, place)
            } else {
                let count = kept.count
                while let last = kept.last, last.step >= value + offset { kept.removeLast() }
                replaced += count - kept.count
                resumed += 1
            }
        }
        kept.append((row, value + offset))
    }

    /// The largest value at which a counter is back at its start.
    private func values(atStart first: Int, _ last: Int, _ offset: Int) -> Int {
        first + max(1, (last - offset - first) / 20)
    }

    /// Whether the losses continue at their previous level: those of at least one player do, and no player's clearly
    /// return to the start.
    private func goesOn() -> Bool {
        let continues = losses.compactMap(goesOn)
        return continues.contains(true) && !continues.contains(false)
    }

    /// - Returns: `nil` if a player's losses show neither.
    private func goesOn(_ losses: [Double]) -> Bool? {
        let count = max(3, min(10, (place - start) / 4))
        func median(_ range: Range<Int>) -> Double {
            let sorted = losses[range.clamped(to: losses.indices)].filter(\.isFinite).sorted()
            return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
        }
        let first = median(start..<start + count)
        let before = median(max(start, place - count)..<place)
        let after = median(place..<place + count)
        let change = abs(first - before)
        let size = max(abs(first), abs(before))
        if change > 0.2 * size, abs(after - before) < 0.5 * change { return true }
        return change > 0.35 * size && abs(after - first) < 0.5 * change ? false : nil
    }

    private mutating func conclude() {
        if resumed > 0 {
            notes.append(
                "The counter “\(counter)” goes back \(Restarts.times(resumed)): the run was resumed, and \(replaced) "
                    + "repeated rows were left out."
            )
        }
        if continued > 0 {
            notes.append(
                "The counter “\(counter)” restarts \(Restarts.times(continued)) while the losses continue: the run was "
                    + "resumed, and the steps are numbered continuously."
            )
        }
        guard !runs.isEmpty else { return }
        runs.append(kept)
        let longest = runs.map(\.count).max() ?? 0
        // Choose the last run that is not a false start.
        let chosen = runs.lastIndex { $0.count * 5 >= longest } ?? runs.count - 1
        kept = runs[chosen]
        notes.append(
            "The counter “\(counter)” restarts \(Restarts.times(runs.count - 1)): the log contains \(runs.count) runs, of which number \(chosen + 1) was judged (\(kept.count) rows)."
        )
    }
}
