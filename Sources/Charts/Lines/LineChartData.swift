import Foundation

/// A chart's series prepared for drawing: sorted, split at non-finite values and smoothed.
struct LineChartData {
    struct Line {
        /// Segments of consecutive finite values.
        var runs: [[LineChart.Point]] = []
        /// The moving averages of the same segments.
        var smoothed: [[LineChart.Point]] = []
        /// The steps with non-finite values.
        var brokenSteps: [Double] = []
    }

    let lines: [Line]
    /// The range of the horizontal axis; never empty.
    let steps: ClosedRange<Double>
    /// The range of the vertical axis; never empty.
    let values: ClosedRange<Double>

    /// Whether there is nothing to draw.
    var isEmpty: Bool { lines.allSatisfy { $0.runs.isEmpty && $0.brokenSteps.isEmpty } }

    /// Values are clamped to this magnitude, since differences and their squares would overflow beyond it.
    private static let largest = 1e150

    init(_ chart: LineChart) {
        lines = chart.series.map { Self.line($0.points, smoothing: chart.smoothing) }
        let finite = lines.flatMap { $0.runs.joined() }
        let steps = finite.map(\.step) + lines.flatMap(\.brokenSteps)
        let range = Self.widened(steps.min() ?? 0, steps.max() ?? 1)
        // A short series is drawn with dots, which need a margin at both ends.
        let room = steps.isEmpty || steps.count > 120 ? 0 : (range.upperBound - range.lowerBound) * 0.02
        self.steps = range.lowerBound - room...range.upperBound + room
        values = Self.valueRange(finite.map(\.value))
    }

    private static func line(_ points: [LineChart.Point], smoothing: Double?) -> Line {
        let clamped = points.filter { $0.step.isFinite }.map { point in
            LineChart.Point(
                step: min(max(point.step, -largest), largest),
                value: point.value.isFinite ? min(max(point.value, -largest), largest) : point.value)
        }
        // Repeated steps keep their order, so that the image depends only on the input.
        let sorted = clamped.enumerated().sorted {
            ($0.element.step, $0.offset) < ($1.element.step, $1.offset)
        }.map(\.element)

        let weight = smoothing ?? min(max(1 - 100 / Double(max(sorted.count, 1)), 0), 0.999)
        var line = Line()
        for run in sorted.split(omittingEmptySubsequences: true, whereSeparator: { !$0.value.isFinite }) {
            line.runs.append(Array(run))
            line.smoothed.append(smoothed(run, weight: weight))
        }
        line.brokenSteps = sorted.filter { !$0.value.isFinite }.map(\.step)
        return line
    }

    /// The exponential moving average, bias-corrected as in Adam (Kingma and Ba, 2015).
    private static func smoothed(_ run: ArraySlice<LineChart.Point>, weight: Double) -> [LineChart.Point] {
        var (sum, total) = (0.0, 0.0)
        return run.map { point in
            sum = weight * sum + (1 - weight) * point.value
            total = weight * total + (1 - weight)
            return LineChart.Point(step: point.step, value: sum / total)
        }
    }

    private static func valueRange(_ values: [Double]) -> ClosedRange<Double> {
        let sorted = values.sorted()
        guard let smallest = sorted.first, let greatest = sorted.last else { return 0...1 }
        var (low, high) = (smallest, greatest)
        let edge = Int(Double(sorted.count - 1) * 0.005)
        let middle = (low: sorted[edge], high: sorted[sorted.count - 1 - edge])
        let spread = middle.high - middle.low
        if spread > 0 && high - low > 8 * spread {
            low = max(low, middle.low - spread / 2)
            high = min(high, middle.high + spread / 2)
        }
        // Losses near zero are easier to read when the axis includes zero.
        if low >= 0 && low < 0.3 * high { return widened(0, high * 1.06) }
        let margin = (high - low) * 0.06
        return widened(low - margin, high + margin)
    }

    /// Widens the range if it is too narrow to divide by.
    private static func widened(_ low: Double, _ high: Double) -> ClosedRange<Double> {
        let least = max(abs(low), abs(high)) * 1e-9
        if high - low > least { return low...high }
        let half = max(abs(low) / 2, 0.5)
        return (low - half)...(high + half)
    }
}
