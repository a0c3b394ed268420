/// A series made small enough to draw: of each of some equal stretches of steps the smallest and the largest value stay, in
/// the order in which they occur, so that no spike is lost. Values that are not finite stay beside the line.
public struct SeriesReduction: Sendable, Encodable, Equatable {
    /// Steps and values of the line.
    public var steps: [Int] = []
    public var values: [Double] = []
    /// Where a value is NaN or infinite, and which.
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

    /// A training that has become NaN stays so; the first thousand say enough.
    static let mostMarks = 1000

    /// - Parameters:
    ///   - points: in the order of steps.
    ///   - buckets: the number of stretches; at least 1. The line has at most twice as many points.
    public init(_ points: [SeriesPoint], buckets: Int) {
        let all = points.map { (step: $0.step, value: $0.value) }
        self.init(
            line: all.filter(\.value.isFinite), marks: all.filter { !$0.value.isFinite }.prefix(Self.mostMarks),
            buckets: buckets)
    }

    /// - Parameter line: finite values in the order of steps.
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
