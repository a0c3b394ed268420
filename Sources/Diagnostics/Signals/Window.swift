import Foundation

/// Consecutive values of a series, summarized. Rules use windows so that one outlier decides nothing.
public struct Window: Sendable, Equatable {
    public var firstStep, lastStep: Int
    /// The number of values.
    public var count: Int
    /// The mean of the finite values; NaN if there are none.
    public var mean: Double
    public var minimum, maximum: Double
    /// The population's standard deviation of the finite values.
    public var deviation: Double
    /// The number of values that are NaN or infinite.
    public var nonFiniteCount: Int

    public init(_ points: some Collection<(step: Int, value: Double)>) {
        let finite = points.map(\.value).filter(\.isFinite)
        firstStep = points.first?.step ?? 0
        lastStep = points.reduce(firstStep) { max($0, $1.step) }
        count = points.count
        nonFiniteCount = count - finite.count
        // Divide each value first: the sum of huge losses would overflow.
        let average = finite.isEmpty ? .nan : finite.reduce(0) { $0 + $1 / Double(finite.count) }
        mean = average
        minimum = finite.min() ?? .nan
        maximum = finite.max() ?? .nan
        let scale = finite.reduce(0) { max($0, abs($1 - average)) }
        let squares = finite.reduce(0) { $0 + (scale > 0 ? pow(($1 - average) / scale, 2) : 0) }
        deviation = finite.isEmpty ? .nan : scale * (squares / Double(finite.count)).squareRoot()
    }
}

/// A series that is grouped into windows as it grows.
public struct Signal: Sendable {
    /// The number of values in one window.
    public let windowLength: Int
    /// The complete windows so far, in step order.
    public private(set) var windows: [Window] = []
    /// The first value that was not finite.
    public private(set) var firstNonFinite: (step: Int, value: Double)?
    private var open: [(step: Int, value: Double)] = []

    public init(windowLength: Int) { self.windowLength = max(1, windowLength) }

    public mutating func append(step: Int, value: Double) {
        if !value.isFinite, firstNonFinite == nil { firstNonFinite = (step, value) }
        open.append((step, value))
        guard open.count >= windowLength else { return }
        windows.append(Window(open))
        open.removeAll(keepingCapacity: true)
    }

    /// Adds values in the order of their steps.
    ///
    /// - Returns: the newest step; 0 without any value.
    mutating func append(_ points: [(step: Int, value: Double)]) -> Int {
        var newest = 0
        for (step, value) in points {
            append(step: step, value: value)
            newest = max(newest, step)
        }
        return newest
    }

    /// The total number of values.
    public var count: Int { windows.reduce(open.count) { $0 + $1.count } }
}
