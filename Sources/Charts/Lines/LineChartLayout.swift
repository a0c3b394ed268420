import Images

/// The places of a line chart's parts, in units.
struct LineChartLayout {
    let plot: Rectangle
    let valueTicks: AxisTicks
    let stepTicks: AxisTicks
    let legend: ChartLegend
    let title: TextStyle
    let label: TextStyle
    /// The distance between the edge of the canvas and what is nearest to it.
    let edge: Double

    /// The distance between the plot and the labels beside and below it.
    static let labelGap = 9.0

    init(_ chart: LineChart, _ data: LineChartData, on canvas: Canvas) {
        let (width, height) = (Double(chart.width), Double(chart.height))
        let isSmall = width < 480 || height < 300
        let (title, label) = isSmall ? (Self.smallTitle, Self.smallLabel) : (Self.title, Self.label)
        let edge = isSmall ? 14.0 : 24.0

        let below = Self.labelGap + label.capitalHeight + (chart.horizontalLabel.isEmpty ? 0 : 1.8 * label.size)
        let valueTicks = AxisTicks(in: data.values, about: max(Int(height / (isSmall ? 55 : 80)), 3)).withMinusSigns
        let labelWidth = valueTicks.labels.map { canvas.width(of: $0, label) }.max() ?? 0
        let left = edge + min(labelWidth, width / 3) + Self.labelGap
        let right = width - edge
        let legend = ChartLegend(
            chart, hasBrokenSteps: data.lines.contains { !$0.brokenSteps.isEmpty },
            style: TextStyle(size: label.size, color: .text), width: right - left,
            rows: max(1, min(4, Int(height * 0.22 / (1.7 * label.size)))), on: canvas)
        let top = edge + (chart.title.isEmpty ? 0 : title.capitalHeight + 0.9 * title.size) + legend.height

        plot = Rectangle(
            left: left.rounded(), top: top.rounded(), width: (right - left.rounded()).rounded(),
            height: (height - edge - below - top.rounded()).rounded())
        self.valueTicks = valueTicks
        stepTicks = Self.stepTicks(data.steps, width: plot.width) { canvas.width(of: $0, label) }
        self.legend = legend
        self.title = title
        self.label = label
        self.edge = edge
    }

    private static let title = TextStyle(size: 16.5, weight: .semibold, color: .text)
    private static let label = TextStyle(size: 12.375, color: .mutedText)
    private static let smallTitle = TextStyle(size: 13.75, weight: .semibold, color: .text)
    private static let smallLabel = TextStyle(size: 11, color: .mutedText)

    /// As many ticks as have room for their labels.
    private static func stepTicks(
        _ steps: ClosedRange<Double>, width: Double, widthOf: (String) -> Double
    ) -> AxisTicks {
        var count = max(Int(width / 75), 2)
        while true {
            let ticks = AxisTicks(in: steps, about: count, wholeNumbers: true).withMinusSigns
            let needed = Double(ticks.labels.count) * ((ticks.labels.map(widthOf).max() ?? 0) + 20)
            if needed <= width || count == 1 { return ticks }
            count -= 1
        }
    }
}
