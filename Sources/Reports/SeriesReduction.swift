public import Runs

/// A series made small enough to draw: of each of some equal stretches of steps the smallest and the largest value stay, in the order in which
/// they occur, so that no spike is lost. Values that are not finite all stay, beside the line.
public struct SeriesReduction: Sendable, Encodable, Equatable {
    /// Steps and values of the line.
    public var steps: [Int] = []
    public var values: [Double] = []
    /// Where a value is NaN or infinite, and which.
    public var marks: [Mark] = []

    public struct Mark: Sendable, Encodable, Equatable {
        public var step: Int
        public var value: String
    }

    /// - Parameters:
    ///   - points: in the order of steps.
    ///   - buckets: the number of stretches; at least 1. The line has at most twice as many points.
    public init(_ points: [SeriesPoint], buckets: Int) {
        let finite = points.filter(\.value.isFinite)
        marks = points.filter { !$0.value.isFinite }.prefix(SeriesReduction.mostMarks).map {
            Mark(step: $0.step, value: $0.value.isNaN ? "NaN" : $0.value > 0 ? "Infinity" : "-Infinity")
        }
        guard finite.count > 2 * buckets, let first = finite.first?.step, let last = finite.last?.step else {
            steps = finite.map(\.step)
            values = finite.map(\.value)
            return
        }
        let width = Double(last - first + 1) / Double(buckets)
        var start = 0
        while start < finite.count {
            let bucket = Int(Double(finite[start].step - first) / width)
            var end = start
            var (low, high) = (start, start)
            while end < finite.count, Int(Double(finite[end].step - first) / width) == bucket {
                if finite[end].value < finite[low].value { low = end }
                if finite[end].value > finite[high].value { high = end }
                end += 1
            }
            for place in low == high ? [low] : [min(low, high), max(low, high)] {
                steps.append(finite[place].step)
                values.append(finite[place].value)
            }
            start = end
        }
    }

    /// A training that has become NaN stays so; the first thousand say enough.
    private static let mostMarks = 1000
}
