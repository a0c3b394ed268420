import Images

/// One drawing of a ``ScatterPlot``, from the background up.
struct ScatterPlotDrawing {
    private let chart: ScatterPlot
    private let canvas: Canvas
    private let lower: SIMD2<Double>
    private let extent: Double
    private let columns: AxisTicks
    private let rows: AxisTicks
    private let label: TextStyle
    private let plot: Rectangle
    /// Sizes are stated for a plot of 512 units and grow with it.
    private let unit: Double

    init(_ chart: ScatterPlot, on canvas: Canvas) {
        self.chart = chart
        self.canvas = canvas
        (lower, extent) = chart.bounds
        unit = Double(chart.size) / 512
        label = TextStyle(size: 11 * max(unit, 0.75), color: .mutedText)
        let about = unit < 0.6 ? 3 : 6
        columns = AxisTicks(in: lower.x...lower.x + extent, about: about).withMinusSigns
        rows = AxisTicks(in: lower.y...lower.y + extent, about: about).withMinusSigns
        let labelWidth = rows.labels.map { [label] in canvas.width(of: $0, label) }.max() ?? 0
        let left = min(max(44 * unit, labelWidth + 16 * unit), Double(chart.size) / 2).rounded()
        let side = (Double(chart.size) - left - 16 * unit).rounded()
        plot = Rectangle(left: left, top: (16 * unit).rounded(), width: side, height: side)
    }

    func draw() {
        let size = Double(chart.size)
        canvas.fill(Rectangle(left: 0, top: 0, width: size, height: size), .paper)
        canvas.fill(plot, .plotArea)
        drawColumns()
        drawRows()
        drawPoints(chart.real, radius: 1.4, RGBColor(hex: 0xA8B3C4), most: 0.75, least: 0.3)
        drawPoints(chart.generated, radius: 1.9, RGBColor(hex: 0x4F46E5), most: 0.6, least: 0.2)
        canvas.clipped(to: plot) {
            canvas.strokeCircles(
                around: chart.centers.compactMap(position), radius: 6 * unit,
                LineStyle(color: RGBColor(hex: 0xF97316), opacity: 0.95, thickness: 1.6 * unit))
        }
        drawFrame()
    }

    private func drawColumns() {
        let baseline = plot.bottom + 9 * unit + label.capitalHeight
        for (value, text) in zip(columns.values, columns.labels) {
            let x = (plot.left + (value - lower.x) / extent * (plot.width - 1)).rounded(.down)
            canvas.drawRule(left: x, from: plot.top, to: plot.bottom, .gridLine)
            canvas.write(text, x: x + 0.5, baseline: baseline, label, alignment: .center)
        }
    }

    private func drawRows() {
        for (value, text) in zip(rows.values, rows.labels) {
            let y = (plot.bottom - 1 - (value - lower.y) / extent * (plot.height - 1)).rounded(.down)
            canvas.drawRule(from: plot.left, to: plot.right, top: y, .gridLine)
            canvas.write(
                text, x: plot.left - 8 * unit, baseline: y + 0.5 + label.capitalHeight / 2, label, alignment: .right)
        }
    }

    /// Draws discs whose opacity is lower for many points, so that their density stays visible.
    private func drawPoints(_ points: [SIMD2<Float>], radius: Double, _ color: RGBColor, most: Double, least: Double) {
        let opacity = max(least, min(most, most * (1500 / Double(max(points.count, 1))).squareRoot()))
        let style = LineStyle(color: color, opacity: opacity, thickness: 2 * radius * unit)
        for layer in DiscLayers.layers(of: points.compactMap(position), diameter: style.thickness) {
            canvas.stroke(layer.map { [$0] }, style)
        }
    }

    private func drawFrame() {
        canvas.drawRule(from: plot.left, to: plot.right, top: plot.top, .frame)
        canvas.drawRule(from: plot.left, to: plot.right, top: plot.bottom - 1, .frame)
        canvas.drawRule(left: plot.left, from: plot.top, to: plot.bottom, .frame)
        canvas.drawRule(left: plot.right - 1, from: plot.top, to: plot.bottom, .frame)
    }

    /// The position of a point; `nil` outside the plot.
    private func position(_ point: SIMD2<Float>) -> Position? {
        let share = (SIMD2<Double>(point) - lower) / extent
        guard share.x >= 0, share.x <= 1, share.y >= 0, share.y <= 1 else { return nil }
        return Position(x: plot.left + share.x * plot.width, y: plot.top + (1 - share.y) * plot.height)
    }
}
