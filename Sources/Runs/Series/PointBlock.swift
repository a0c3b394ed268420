/// A summary of a series over 64 consecutive steps, stored beside the points; long series are plotted from these
/// blocks.
struct PointBlock: Equatable {
    /// The number of steps per block.
    static let length = 64

    /// The block's steps are `number * length ..< (number + 1) * length`.
    var number: Int
    /// The number of finite values, and their sum.
    var count = 0
    var total = 0.0
    /// The smallest and largest finite values, each with its first step.
    var low: SeriesReduction.Point = (0, .infinity)
    var high: SeriesReduction.Point = (0, -.infinity)
    /// The number of NaN and infinite values.
    var nonFiniteCount = 0

    init(number: Int) { self.number = number }

    static func number(of step: Int) -> Int { Int((Double(step) / Double(length)).rounded(.down)) }

    static func steps(of number: Int) -> ClosedRange<Int> { number * length...number * length + length - 1 }

    mutating func add(_ point: SeriesReduction.Point) {
        guard point.value.isFinite else {
            nonFiniteCount += 1
            return
        }
        count += 1
        total += point.value
        if point.value < low.value { low = point }
        if point.value > high.value { high = point }
    }

    /// The extremes in step order.
    var extremes: [SeriesReduction.Point] {
        guard count > 0 else { return [] }
        if low.step == high.step { return [low] }
        return low.step < high.step ? [low, high] : [high, low]
    }

    static func == (first: PointBlock, second: PointBlock) -> Bool {
        first.number == second.number && first.count == second.count && first.total == second.total
            && first.low == second.low && first.high == second.high && first.nonFiniteCount == second.nonFiniteCount
    }
}

/// The means of a series over equal intervals of steps, on a grid that several runs can share.
public struct SeriesMeans: Sendable, Encodable, Equatable {
    /// The midpoint of each interval.
    public var steps: [Double]
    /// The mean of the finite values in each interval; `nil` if there are none.
    public var means: [Double?]

    init(_ range: ClosedRange<Int>, buckets: Int, _ parts: [(step: Double, total: Double, count: Int)]) {
        let buckets = max(1, min(buckets, range.count))
        let width = Double(range.count) / Double(buckets)
        var (totals, counts) = ([Double](repeating: 0, count: buckets), [Int](repeating: 0, count: buckets))
        for part in parts {
            let bucket = Int(((part.step - Double(range.lowerBound)) / width).rounded(.down))
            guard totals.indices.contains(bucket) else { continue }
            totals[bucket] += part.total
            counts[bucket] += part.count
        }
        steps = totals.indices.map { Double(range.lowerBound) + (Double($0) + 0.5) * width - 0.5 }
        means = zip(totals, counts).map { $1 > 0 && ($0 / Double($1)).isFinite ? $0 / Double($1) : nil }
    }
}
