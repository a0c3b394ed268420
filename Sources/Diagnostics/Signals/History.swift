public import Measurements
public import Recipes

/// Everything that a diagnosis looks at: the series of a training so far, and what it was told to do.
///
/// It grows step by step, so that a live training and a finished one are judged by the same code on the same windows.
public struct History: Sendable {
    /// What the players strive for, as far as it is known; it decides which signals mean something.
    public let objective: Objective
    /// The run's configuration; `nil` for another program's training.
    public let configuration: TrainingConfiguration?
    /// What is known of the settings of another program's training, so that remedies fit.
    public var facts = Facts()
    public private(set) var lastStep = 0
    /// How the newest samples that were scored spread over the data's classes; `nil` where there are no labels. It gives findings names.
    public var classes: ClassRecord?
    private var signals: [SeriesName: Signal] = [:]
    /// How many values of a step series make a window.
    public let windowLength: Int
    /// How many evaluations a pattern of the samples must last: two, or one if there will be no other.
    public var evaluationsNeeded = Thresholds.evaluations
    /// How many windows a pattern of the losses must last.
    public var windowsNeeded = Thresholds.persistence

    /// Where the series come from.
    public var context = Context()

    /// What else is known of a training than its series.
    public struct Context: Sendable, Equatable {
        /// What a step is: `step`, `epoch`, `row` or `kimg`.
        public var unit: String
        /// Whether the objective was given or could be told, so that rules for some objectives mean something.
        public var isObjectiveKnown: Bool
        /// Whether the generator is also taught by targets, such as a distance to an image, so that it learns without its discriminator.
        public var hasTargets: Bool
        /// Whether another program logged the series.
        public var isForeign: Bool
        /// Whether a step is known to be one update of the players; what logs call a step may be an epoch.
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
    func place(_ step: Int) -> String { context.unit == "kimg" ? "\(step) kimg" : "\(context.unit) \(step)" }

    /// The beginning of what has been so since a step, such as “since step 400 ”; empty where samples were given alone, which have no steps.
    func since(_ step: Int) -> String { lastStep == 0 ? "" : "since \(place(step)) " }

    /// A length in words, such as “400 steps” or “12 epochs”.
    func length(_ steps: Int) -> String { context.unit == "kimg" ? "\(steps) kimg" : "\(steps) \(context.unit)s" }

    /// How many steps make a window of the series that have a value every step.
    public static let stepsPerWindow = 20

    /// The first steps, in which samples that do not look like the data say nothing of how a training will go.
    public static let settlingSteps = Thresholds.settling * stepsPerWindow

    /// - Parameter windowLength: how many values of a step series make a window; fewer than the usual 20 for logs that
    ///   have only some hundred rows.
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
        // An evaluation is a summary already.
        let isSummary =
            SeriesName.perEvaluation.contains(series) || Score.allSeries.contains(series) || series.ofLayer != nil
        signals[series] = Signal(windowLength: isSummary ? 1 : windowLength)
    }

    public mutating func append(_ measurement: StepRecord) {
        for (series, value) in measurement.values { append(series, step: measurement.step, value: value) }
    }

    /// The windows of a series; empty if the training has none of it.
    public func windows(_ series: SeriesName) -> [Window] { signals[series]?.windows ?? [] }

    /// The series that the training has, in no order.
    var seriesNames: some Sequence<SeriesName> { signals.keys }

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
    ///   - names: the series; what they have at about the same steps is looked at together.
    ///   - length: how many windows it must last.
    ///   - holds: takes one window of each series.
    /// - Returns: `nil` if it does not hold now, or has not held for long enough, or a series is missing.
    public func stretch(
        of names: [SeriesName], lasting length: Int, where holds: ([Window]) -> Bool
    ) -> Stretch? {
        let columns = names.map(windows)
        // The series with the fewest windows decides; of the others those count that lie beside its windows.
        guard let base = columns.min(by: { $0.count < $1.count }), base.count >= length else { return nil }
        // A series that ended long ago says nothing of now.
        let newest = columns.compactMap { $0.last?.lastStep }.max() ?? 0
        let ends = base.suffix(2).map(\.lastStep)
        guard let end = ends.last, newest - end <= History.longestGap * max(1, end - ends[0]) else { return nil }
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
                // The newest window decides whether it still holds.
                if rows.count == 1 { return nil }
                gap += 1
                if gap > History.longestGap { break }
                continue
            }
            gap = 0
            held += 1
            // The longest stretch in which it holds for four windows in five.
            if Double(held) >= 0.8 * Double(rows.count) { kept = rows.count }
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
    /// The first step at which the training can have been unwell: what is not a number at some step was out of hand before.
    public var earliestOnset: Int {
        pattern == .nonFinite ? sinceStep - History.stepsPerWindow : sinceStep
    }
}

extension History {
    /// About how long before the newest step what will be found next can have begun: the rule that looks farthest back sees 40 windows,
    /// and the pattern that takes most evaluations to see one more than the others.
    public var earliestNewOnset: Int {
        let evaluations = self.windows(.diversity).suffix(Thresholds.evaluations + 2)
        return min(lastStep - 41 * windowLength, evaluations.first?.firstStep ?? lastStep)
    }
}

/// Some windows in a row, of one or several series.
public struct Stretch: Sendable {
    public let firstStep, lastStep: Int
    /// How many windows of each series.
    public let count: Int
    public let windows: [SeriesName: [Window]]

    /// The median of a series' windows: the few that may differ do not decide what is said.
    public func typical(_ series: SeriesName) -> Double {
        let means = (windows[series] ?? []).map(\.mean).filter(\.isFinite).sorted()
        let middle = means.count / 2
        return means.isEmpty ? .nan : means.count % 2 == 1 ? means[middle] : (means[middle - 1] + means[middle]) / 2
    }

    /// The mean of the newest window.
    public func last(_ series: SeriesName) -> Double { windows[series]?.last?.mean ?? .nan }

    /// The median over the stretch beside the threshold that it crosses.
    public func evidence(_ series: SeriesName, threshold: Double) -> Evidence {
        Evidence(
            signal: series.rawValue, value: typical(series), threshold: threshold, fromStep: firstStep, toStep: lastStep
        )
    }
}
