import Images

/// A line chart of one or more series over training steps, such as the losses of a run.
///
/// Each series is drawn twice: faintly with its raw values, and on top, in full color, with their exponential moving
/// average. If several steps fall into one column, 1 unit wide, their minimum and maximum are both drawn, so a spike of
/// a single step stays visible. The average restarts after a gap. A non-finite value breaks the line and is marked by a
/// red tick on the bottom axis.
///
/// ```swift
/// let chart = LineChart(title: "Losses", series: [
///     .init(name: "loss_generator", points: losses.enumerated().map { .init(step: $0.offset, value: $0.element) })
/// ])
/// try ImageFile.write(png: chart.render(), to: url)
/// ```
public struct LineChart: Chart {
    /// One value at one step.
    public struct Point: Equatable, Sendable {
        /// The position on the horizontal axis; points with a non-finite step are skipped.
        public var step: Double
        /// The position on the vertical axis; may be NaN or infinite.
        public var value: Double

        /// Creates a point.
        public init(step: Double, value: Double) {
            self.step = step
            self.value = value
        }

        /// Creates a point at an integer step.
        public init(step: Int, value: Double) {
            self.init(step: Double(step), value: value)
        }
    }

    /// A named line.
    public struct Series: Equatable, Sendable {
        /// The name shown in the legend.
        public var name: String
        /// The values, in any order.
        public var points: [Point]

        /// Creates a series.
        public init(name: String, points: [Point]) {
            self.name = name
            self.points = points
        }
    }

    /// The title above the chart, shortened if it is too long. Latin, Greek and Cyrillic letters and mathematical symbols
    /// are drawn; other characters become boxes.
    public var title: String
    /// The lines, colored in this order.
    public var series: [Series]
    /// The label of the horizontal axis.
    public var horizontalLabel: String
    /// The weight of past values in the moving average, from 0 (none) to less than 1; `nil` averages over about 1 % of
    /// the points.
    public var smoothing: Double?
    /// The width in units (pixels at scale 1), 320 to 8192.
    public var width: Int
    /// The height in units (pixels at scale 1), 200 to 8192.
    public var height: Int
    /// The colors of the series.
    public var palette: ChartPalette

    /// Creates a chart; the defaults suit a README.
    public init(
        title: String, series: [Series], horizontalLabel: String = "step", smoothing: Double? = nil,
        width: Int = 960, height: Int = 540, palette: ChartPalette = .screen
    ) {
        self.title = title
        self.series = series
        self.horizontalLabel = horizontalLabel
        self.smoothing = smoothing
        self.width = width
        self.height = height
        self.palette = palette
    }

    /// Checks the width, the height and the smoothing.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when one of them is out of range.
    public func validate() throws {
        guard (320...8192).contains(width), (200...8192).contains(height) else {
            throw ImageError.invalidGeometry(
                "A line chart cannot be \(width) x \(height) pixels; use a width of 320 to 8192 and a height of 200 to 8192."
            )
        }
        if let smoothing {
            guard (0..<1).contains(smoothing) else {
                throw ImageError.invalidGeometry(
                    "A line chart cannot use a smoothing of \(smoothing); use 0 (none) to less than 1.")
            }
        }
    }

    /// Draws the chart on a canvas of its size.
    ///
    /// The vertical axis covers every finite value, unless rare extremes would flatten the rest (the full range is more
    /// than eight times the range of the middle 99 %). Then the extremes are cut off and marked by small triangles at
    /// the edge.
    public func draw(on canvas: Canvas) {
        LineChartDrawing(self, on: canvas).draw()
    }
}
