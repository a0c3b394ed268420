public import Measurements
public import Recipes

/// The input of a diagnosis: the series of a run so far, and its configuration.
///
/// It grows step by step, so live and finished runs are judged by the same code on the same windows.
public struct History: Sendable {
    /// The training objective, as far as it is known. It determines which signals are meaningful.
    public let objective: Objective
    /// The run's configuration; `nil` for another program's run.
    public let configuration: TrainingConfiguration?
    /// The known settings of another program's run, used to choose remedies that fit.
    public var facts = Facts()
    public private(set) var lastStep = 0
    /// The class distribution of the newest scored samples; `nil` without labels. Findings take class names from it.
    public var classes: ClassRecord?
    private var signals: [SeriesName: Signal] = [:]
    /// The number of values of a per-step series in one window.
    public let windowLength: Int
    /// The number of evaluations for which a pattern of the samples must persist: two, or one if there will be no
    /// other.
    public var evaluationsNeeded = Thresholds.evaluations
    /// The number of windows for which a pattern of the losses must persist.
    public var windowsNeeded = Thresholds.persistence

    /// The origin of the series.
    public var context = Context()

    /// What is known about a run besides its series.
    public struct Context: Sendable, Codable, Equatable {
        /// The unit of a step: `step`, `epoch`, `row` or `kimg`.
        public var unit: String
        /// Whether the objective was given or could be inferred, so that objective-specific rules apply.
        public var isObjectiveKnown: Bool
        /// Whether the generator also learns from targets, such as a distance to an image, and therefore without its
        /// discriminator.
        public var hasTargets: Bool
        /// Whether another program logged the series.
        public var isForeign: Bool
        /// Whether a step is known to be one update of the players; logs may call an epoch a step.
        public var countsUpdates: Bool
        /// Whether the samples are points rather than images.
        public var arePoints = false

        public init(
            unit: String = "step", isObjectiveKnown: Bool = true, hasTargets: Bool = false, isForeign: Bool = false,
            countsUpdates: Bool = false
        ) {
            self.unit = unit
            self.isObjectiveKnown = isObjectiveKnown
            self.hasTargets = hasTargets
            self.isForeign = isForeign
            self.countsUpdates = countsUpdates
        }
    }

    /// A step in words, such as “step 400” or “epoch 12”.
    func place(_ step: Int) -> String { History.place(step, unit: context.unit) }

    /// A step in words, in a unit of ``Context/unit``.
    public static func place(_ step: Int, unit: String) -> String {
        unit == "kimg" ? "\(step) kimg" : "\(unit) \(step)"
    }

    /// The start of a clause, such as “since step 400 ”; empty if samples were given without a log, because they have
    /// no steps.
    func since(_ step: Int) -> String { lastStep == 0 ? "" : "since \(place(step)) " }

    /// A length in words, such as “400 steps” or “12 epochs”.
    public func length(_ steps: Int) -> String {
        context.unit == "kimg" ? "\(steps) kimg" : "\(steps) \(context.unit)s"
    }

    /// The number of steps in one window of the series that have a value at every step.
    public static let stepsPerWindow = 20

    /// The number of first steps in which samples unlike the data do not predict a run's outcome.
    public static let settlingSteps = Thresholds.settling * stepsPerWindow

    /// - Parameter windowLength: the number of values of a per-step series in one window; fewer than the usual 20 for
    ///   logs that have only a few hundred rows.
    public init(
        objective: Objective, configuration: TrainingConfiguration? = nil, windowLength: Int = History.stepsPerWindow
    ) {
        self.objective = objective
        self.configuration = configuration
        self.windowLength = windowLength
    }

    /// The history of a run with this configuration.
    public init(_ configuration: TrainingConfiguration) {
        self.init(objective: configuration.objective, configuration: configuration)
        context.arePoints = configuration.makesPoints
    }

    public mutating func append(_ series: SeriesName, step: Int, value: Double) {
        begin(series)
        signals[series]?.append(step: step, value: value)
        lastStep = max(lastStep, step)
    }

    /// Adds values of one series, in the order of their steps.
    public mutating func append(_ series: SeriesName, _ points: [(step: Int, value: Double)]) {
        begin(series)
        lastStep = max(lastStep, signals[series]?.append(points) ?? 0)
    }

    private mutating func begin(_ series: SeriesName) {
        guard signals[series] == nil else { return }
        // An evaluation is already a summary, so each of its values is a window.
        let isSummary =
            SeriesName.perEvaluation.contains(series) || Score.allSeries.contains(series) || series.ofLayer != nil
        signals[series] = Signal(windowLength: isSummary ? 1 : windowLength)
    }

    public mutating func append(_ measurement: StepRecord) {
        for (series, value) in measurement.values { append(series, step: measurement.step, value: value) }
    }

    /// The windows of a series; empty if the run does not have it.
    public func windows(_ series: SeriesName) -> [Window] { signals[series]?.windows ?? [] }

    /// The series of the run, in no particular order.
    var seriesNames: some Sequence<SeriesName> { signals.keys }

    public func has(_ series: SeriesName) -> Bool { signals[series]?.count ?? 0 > 0 }

    /// The number of windows of all series together; a diagnosis changes only if it grows, or with a non-finite value.
    public var windowCount: Int { signals.values.reduce(0) { $0 + $1.windows.count } }

    /// Whether any series has a value that is NaN or infinite.
    public var hasNonFinite: Bool { signals.values.contains { $0.firstNonFinite != nil } }

    /// The first value of a series that is NaN or infinite.
    public func firstNonFinite(_ series: SeriesName) -> (step: Int, value: Double)? { signals[series]?.firstNonFinite }
}

extension History {
    /// The stretch of windows up to the newest in which a condition holds, with at most one window in five that
    /// differs.
    ///
    /// - Parameters:
    ///   - names: the series, compared at about the same steps.
    ///   - length: the minimum number of windows.
    ///   - holds: the condition on one window of each series.
    /// - Returns: `nil` if the condition does not hold now or has not held for long enough, or if a series is missing.
    public func stretch(
        of names: [SeriesName], lasting length: Int, where holds: ([Window]) -> Bool
    ) -> Stretch? {
        let columns = names.map(windows)
        // Step through the windows of the series with the fewest; the others contribute their windows at the same
        // steps.
        guard let base = columns.min(by: { $0.count < $1.count }), base.count >= length else { return nil }
        // A series that ended long ago says nothing about the present.
        let newest = columns.compactMap { $0.last?.lastStep }.max() ?? 0
        let ends = base.suffix(2).map(\.lastStep)
        guard let end = ends.last, newest - end <= Thresholds.longestGap * max(1, end - ends[0]) else { return nil }
        var places = columns.map { $0.count - 1 }
        var rows: [[Window]] = []
        var kept = 0
        var held = 0
        var gap = 0
        for window in base.reversed() {
            for (column, windows) in columns.enumerated() {
                while places[column] >= 0, windows[places[column]].firstStep > window.lastStep { places[column] -= 1 }
            }
            guard places.allSatisfy({ $0 >= 0 }) else { break }
            rows.append(zip(columns, places).map { $0[$1] })
            guard holds(rows[rows.count - 1]) else {
                // The newest window decides whether the condition still holds.
                if rows.count == 1 { return nil }
                gap += 1
                if gap > Thresholds.longestGap { break }
                continue
            }
            gap = 0
            held += 1
            // Keep the longest stretch in which four windows in five satisfy the condition.
            if Double(held) >= Thresholds.heldShare * Double(rows.count) { kept = rows.count }
        }
        guard kept >= length else { return nil }
        let stretch = Array(rows.prefix(kept).reversed())
        return Stretch(
            firstStep: base[base.count - kept].firstStep, lastStep: base.last?.lastStep ?? 0, count: kept,
            windows: Dictionary(
                uniqueKeysWithValues: names.enumerated().map { column, name in (name, stretch.map { $0[column] }) }))
    }
}

extension Finding {
    /// The earliest step at which the problem can have begun: values are out of control before they become non-finite.
    public var earliestOnset: Int {
        pattern == .nonFinite ? sinceStep - History.stepsPerWindow : sinceStep
    }
}

extension History {
    /// The earliest step at which the next finding can have begun: the rule that looks back farthest uses 40 windows,
    /// and the pattern that needs the most evaluations needs one more than the others.
    public var earliestNewOnset: Int {
        let evaluations = self.windows(.diversity).suffix(Thresholds.evaluations + 2)
        return min(lastStep - 41 * windowLength, evaluations.first?.firstStep ?? lastStep)
    }
}

/// Consecutive windows of one or several series.
public struct Stretch: Sendable {
    public let firstStep, lastStep: Int
    /// The number of windows of each series.
    public let count: Int
    public let windows: [SeriesName: [Window]]

    /// The median of a series' window means, so that the few that may differ do not affect the reported value.
    public func typical(_ series: SeriesName) -> Double {
        let means = (windows[series] ?? []).map(\.mean).filter(\.isFinite).sorted()
        let middle = means.count / 2
        return means.isEmpty ? .nan : means.count % 2 == 1 ? means[middle] : (means[middle - 1] + means[middle]) / 2
    }

    /// The mean of the newest window.
    public func last(_ series: SeriesName) -> Double { windows[series]?.last?.mean ?? .nan }

    /// The median over the stretch, with the threshold that it crosses.
    public func evidence(_ series: SeriesName, threshold: Double) -> Evidence {
        Evidence(
            signal: series.rawValue, value: typical(series), threshold: threshold, fromStep: firstStep, toStep: lastStep
        )
    }
}
