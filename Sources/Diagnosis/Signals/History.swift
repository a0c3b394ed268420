public import Runs

/// Everything that a diagnosis looks at: the series of a training so far, and what it was told to do.
///
/// It grows step by step, so that a live training and a finished one are judged by the same code on the same windows.
public struct History: Sendable {
    /// What the players strive for, as far as it is known; it decides which signals mean something.
    public let objective: Objective
    /// The run's configuration; without it no remedy can be made to fit.
    public let configuration: Configuration?
    public private(set) var lastStep = 0
    private var signals: [SeriesName: Signal] = [:]
    private let windowLength: Int
    /// How many evaluations a pattern of the samples must last: two, or one if there will be no other.
    public var evaluationsNeeded = Thresholds.evaluations

    /// How many steps make a window of the series that have a value every step.
    public static let stepsPerWindow = 20

    /// - Parameter windowLength: how many values of a step series make a window; fewer than the usual 20 for logs that
    ///   have only some hundred rows.
    public init(
        objective: Objective, configuration: Configuration? = nil, windowLength: Int = History.stepsPerWindow
    ) {
        self.objective = objective
        self.configuration = configuration
        self.windowLength = windowLength
    }

    /// The history of a run with this configuration.
    public init(_ configuration: Configuration) {
        self.init(objective: configuration.objective, configuration: configuration)
    }

    public mutating func append(_ series: SeriesName, step: Int, value: Double) {
        // An evaluation is a summary already.
        let length = SeriesName.perEvaluation.contains(series) ? 1 : windowLength
        signals[series, default: Signal(windowLength: length)].append(step: step, value: value)
        lastStep = max(lastStep, step)
    }

    public mutating func append(_ measurement: Measurement) {
        for (series, value) in measurement.values { append(series, step: measurement.step, value: value) }
    }

    /// The windows of a series; empty if the training has none of it.
    public func windows(_ series: SeriesName) -> [Window] { signals[series]?.windows ?? [] }

    public func has(_ series: SeriesName) -> Bool { signals[series]?.count ?? 0 > 0 }

    /// The first value of a series that is NaN or infinite.
    public func firstNonFinite(_ series: SeriesName) -> (step: Int, value: Double)? { signals[series]?.firstNonFinite }
}

extension History {
    /// The most windows in a row that may differ within a stretch: what held before a longer pause was another one.
    private static let longestGap = 4

    /// The stretch of windows up to the newest in which something holds, with at most one window in five that differs.
    ///
    /// - Parameters:
    ///   - names: series that have their values at the same steps.
    ///   - length: how many windows it must last.
    ///   - holds: takes one window of each series.
    /// - Returns: `nil` if it does not hold now, or has not held for long enough, or a series is missing.
    public func stretch(
        of names: [SeriesName], lasting length: Int, where holds: ([Window]) -> Bool
    ) -> Stretch? {
        let columns = names.map(windows)
        guard let count = columns.map(\.count).min(), count >= length else { return nil }
        func row(_ index: Int) -> [Window] { columns.map { $0[$0.count - count + index] } }
        var start: Int?
        var held = 0
        var seen = 0
        var gap = 0
        for index in stride(from: count - 1, through: 0, by: -1) {
            seen += 1
            guard holds(row(index)) else {
                // The newest window decides whether it still holds.
                if seen == 1 { return nil }
                gap += 1
                if gap > History.longestGap { break }
                continue
            }
            gap = 0
            held += 1
            // The longest stretch in which it holds for four windows in five.
            if Double(held) >= 0.8 * Double(seen) { start = index }
        }
        guard let start, count - start >= length else { return nil }
        return Stretch(
            windows: Dictionary(
                uniqueKeysWithValues: zip(names, columns.map { Array($0[($0.count - count + start)...]) })))
    }
}

/// Some windows in a row, of one or several series.
public struct Stretch: Sendable {
    public let windows: [SeriesName: [Window]]

    private var any: [Window] { windows.values.first ?? [] }
    public var firstStep: Int { any.first?.firstStep ?? 0 }
    public var lastStep: Int { any.last?.lastStep ?? 0 }
    public var count: Int { any.count }

    /// The mean of a series over the stretch.
    public func mean(_ series: SeriesName) -> Double {
        let means = (windows[series] ?? []).map(\.mean).filter(\.isFinite)
        return means.isEmpty ? .nan : means.reduce(0, +) / Double(means.count)
    }

    /// The mean of the newest window.
    public func last(_ series: SeriesName) -> Double { windows[series]?.last?.mean ?? .nan }

    /// The mean over the stretch beside the threshold that it crosses.
    public func evidence(_ series: SeriesName, threshold: Double) -> Evidence {
        Evidence(
            signal: series.rawValue, value: mean(series), threshold: threshold, fromStep: firstStep, toStep: lastStep)
    }
}
