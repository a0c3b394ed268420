/// A line chart of one or several series over the steps of a training, such as its losses.
///
/// Each series is drawn twice: its values faintly, and their exponential moving average strongly on top. Where many
/// steps share a column of pixels, their smallest and largest values are both drawn, so that a spike of a single step
/// shows. The average starts anew after a gap.
/// A value that is not finite breaks the line and leaves a red tick on the bottom axis.
///
/// ```swift
/// let chart = LineChart(title: "Losses", series: [
///     .init(name: "loss_generator", points: losses.enumerated().map { .init(step: $0.offset, value: $0.element) })
/// ])
/// try ImageFile.write(png: chart.render(), to: url)
/// ```
public struct LineChart: Sendable {
    /// One value at one step.
    public struct Point: Equatable, Sendable {
        /// The place on the horizontal axis; points at a step that is not finite are left out.
        public var step: Double
        /// The place on the vertical axis, NaN and infinity included.
        public var value: Double

        /// Makes a point.
        public init(step: Double, value: Double) {
            self.step = step
            self.value = value
        }

        /// Makes a point of a whole step.
        public init(step: Int, value: Double) {
            self.init(step: Double(step), value: value)
        }
    }

    /// A named line.
    public struct Series: Equatable, Sendable {
        /// What the legend says.
        public var name: String
        /// The values, in any order of steps.
        public var points: [Point]

        /// Makes a series.
        public init(name: String, points: [Point]) {
            self.name = name
            self.points = points
        }
    }

    /// The line above the chart; characters outside ASCII are drawn as question marks.
    public var title: String
    /// The lines, coloured in this order.
    public var series: [Series]
    /// What the horizontal axis counts.
    public var horizontalLabel: String
    /// The weight of the past in the moving average, 0 (none) to less than 1; `nil` averages over about 1 % of the
    /// points.
    public var smoothing: Double?
    /// The picture's width in pixels, 320 to 8192.
    public var width: Int
    /// The picture's height in pixels, 200 to 8192.
    public var height: Int

    /// Makes a chart; what is left out suits a README.
    public init(
        title: String, series: [Series], horizontalLabel: String = "step", smoothing: Double? = nil,
        width: Int = 960, height: Int = 540
    ) {
        self.title = title
        self.series = series
        self.horizontalLabel = horizontalLabel
        self.smoothing = smoothing
        self.width = width
        self.height = height
    }

    /// The picture, RGB. The same chart always gives the same pixels.
    ///
    /// The vertical axis holds every finite value, unless rare extremes would flatten all others (the whole range more
    /// than eight times that of the middle 99 %); then they are cut off and marked by small triangles at the edge.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when the width, height or smoothing is out of its range.
    public func render() throws -> PixelImage {
        guard (320...8192).contains(width), (200...8192).contains(height) else {
            throw ImageError.invalidGeometry(
                "A line chart cannot be \(width) x \(height) pixels; use 320 to 8192 by 200 to 8192.")
        }
        if let smoothing {
            guard (0..<1).contains(smoothing) else {
                throw ImageError.invalidGeometry(
                    "A line chart cannot smooth by \(smoothing); use 0 (not at all) to less than 1.")
            }
        }
        var drawing = LineChartDrawing(self)
        return drawing.draw()
    }
}
