/// A series reduced for plotting: each of several equal intervals of steps keeps its smallest and largest value in step
/// order, so that no spike is lost. Non-finite values are kept separately.
public struct SeriesReduction: Sendable, Encodable, Equatable {
    /// The steps and values of the line.
    public var steps: [Int] = []
    public var values: [Double] = []
    /// The steps with NaN or infinite values.
    public var marks: [Mark] = []

    public struct Mark: Sendable, Encodable, Equatable {
        public var step: Int
        public var value: String

        init(_ point: Point) {
            step = point.step
            value = point.value.isNaN ? "NaN" : point.value > 0 ? "Infinity" : "-Infinity"
        }
    }

    typealias Point = (step: Int, value: Double)

    /// Once training has become NaN it usually stays so; the first thousand marks are enough.
    static let mostMarks = 1000

    /// Reduces a series.
    ///
    /// - Parameters:
    ///   - points: the points, in step order.
    ///   - buckets: the number of intervals, at least 1. The line has at most twice as many points.
    public init(_ points: [SeriesPoint], buckets: Int) {
        let all = points.map { (step: $0.step, value: $0.value) }
        self.init(
            line: all.filter(\.value.isFinite), marks: all.filter { !$0.value.isFinite }.prefix(Self.mostMarks),
            buckets: buckets)
    }

    /// - Parameter line: finite values, in step order.
    init(line: [Point], marks: some Sequence<Point>, buckets: Int) {
        self.marks = marks.map(Mark.init)
        guard line.count > 2 * buckets, let first = line.first?.step, let last = line.last?.step else {
            steps = line.map(\.step)
            values = line.map(\.value)
            return
        }
        let width = Double(last - first + 1) / Double(buckets)
        var start = 0
        while start < line.count {
            let bucket = Int(Double(line[start].step - first) / width)
            var end = start
            var (low, high) = (start, start)
            while end < line.count, Int(Double(line[end].step - first) / width) == bucket {
                if line[end].value < line[low].value { low = end }
                if line[end].value > line[high].value { high = end }
                end += 1
            }
            for place in low == high ? [low] : [min(low, high), max(low, high)] {
                steps.append(line[place].step)
                values.append(line[place].value)
            }
            start = end
        }
    }
}
