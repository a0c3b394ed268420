import Images

/// One drawing of a ``LineChart``, from the background up.
struct LineChartDrawing {
    private let chart: LineChart
    private let data: LineChartData
    private let layout: LineChartLayout
    private let canvas: Canvas

    private var plot: Rectangle { layout.plot }

    init(_ chart: LineChart, on canvas: Canvas) {
        self.chart = chart
        self.canvas = canvas
        data = LineChartData(chart)
        layout = LineChartLayout(chart, data, on: canvas)
    }

    func draw() {
        canvas.fill(Rectangle(left: 0, top: 0, width: Double(chart.width), height: Double(chart.height)), .paper)
        canvas.fill(plot, .plotArea)
        drawValueAxis()
        drawStepAxis()
        canvas.clipped(to: plot) {
            drawRawLines()
            drawSmoothedLines()
        }
        drawMarks()
        canvas.drawRule(left: plot.left, from: plot.top, to: plot.bottom, .frame)
        canvas.drawRule(from: plot.left, to: plot.right, top: plot.bottom - 1, .frame)
        drawBrokenSteps()
        drawWords()
    }

    private func drawValueAxis() {
        for (value, label) in zip(layout.valueTicks.values, layout.valueTicks.labels) {
            let y = vertical(value).rounded(.down)
            canvas.drawRule(from: plot.left, to: plot.right, top: y, value == 0 ? .frame : .gridLine)
            let fitted = canvas.fitted(label, into: plot.left - LineChartLayout.labelGap - 2, layout.label)
            canvas.write(
                fitted, x: plot.left - LineChartLayout.labelGap,
                baseline: y + 0.5 + layout.label.capitalHeight / 2, layout.label, alignment: .right)
        }
    }

    private func drawStepAxis() {
        let baseline = plot.bottom + LineChartLayout.labelGap + layout.label.capitalHeight
        for (step, label) in zip(layout.stepTicks.values, layout.stepTicks.labels) {
            let x = min(horizontal(step).rounded(.down), plot.right - 1)
            canvas.drawRule(left: x, from: plot.top, to: plot.bottom, .gridLine)
            // A label at the end of the axis moves inward rather than over the edge of the canvas.
            let half = canvas.width(of: label, layout.label) / 2
            let center = max(half + 4, min(x + 0.5, Double(chart.width) - 4 - half))
            canvas.write(label, x: center, baseline: baseline, layout.label, alignment: .center)
        }
        canvas.write(
            canvas.fitted(chart.horizontalLabel, into: plot.width, layout.label), x: plot.left + plot.width / 2,
            baseline: baseline + (1.8 * layout.label.size).rounded(), layout.label, alignment: .center)
    }

    private func drawRawLines() {
        guard chart.smoothing != 0 else { return }
        for (index, line) in data.lines.enumerated() {
            let style = LineStyle(color: chart.palette.color(index), opacity: 0.3, thickness: 1, isRough: true)
            canvas.stroke(line.runs.map(positions), style)
        }
    }

    private func drawSmoothedLines() {
        for (index, line) in data.lines.enumerated() {
            canvas.stroke(line.smoothed.map(positions), ChartLegend.line(chart.palette, index))
            // A lone value between two gaps would be hard to see without a dot.
            guard Double(line.smoothed.reduce(0) { $0 + $1.count } * 16) <= plot.width else { continue }
            let dots = line.smoothed.joined().filter { data.values.contains($0.value) }.map { [position($0)] }
            canvas.stroke(dots, LineStyle(color: chart.palette.color(index), thickness: 6.5))
        }
    }

    /// Draws triangles where values were cut off.
    private func drawMarks() {
        for (index, line) in data.lines.enumerated() {
            var (lastAbove, lastBelow) = (-Double.infinity, -Double.infinity)
            for point in line.runs.joined() where !data.values.contains(point.value) {
                let x = horizontal(point.step)
                let isAbove = point.value > data.values.upperBound
                guard x - (isAbove ? lastAbove : lastBelow) >= 10 else { continue }
                if isAbove { lastAbove = x } else { lastBelow = x }
                drawTriangle(x: x, pointsUp: isAbove, chart.palette.color(index))
            }
        }
    }

    private func drawTriangle(x: Double, pointsUp: Bool, _ color: RGBColor) {
        let (tip, base) = pointsUp ? (plot.top + 1, plot.top + 7) : (plot.bottom - 2, plot.bottom - 8)
        canvas.fillPolygon(
            [Position(x: x, y: tip), Position(x: x - 4.5, y: base), Position(x: x + 4.5, y: base)], color)
    }

    /// Marks the columns with values that are not finite by red ticks on the axis.
    private func drawBrokenSteps() {
        let columns = Set(data.lines.flatMap(\.brokenSteps).map { min(horizontal($0).rounded(.down), plot.right - 1) })
        for x in columns.sorted() {
            canvas.fill(Rectangle(left: x - 1, top: plot.bottom - 9, width: 2, height: 13), .alarm)
        }
    }

    private func drawWords() {
        if data.isEmpty {
            canvas.write(
                "no values yet", x: plot.left + plot.width / 2,
                baseline: plot.top + (plot.height + layout.label.capitalHeight) / 2, layout.label, alignment: .center)
        }
        let title = canvas.fitted(chart.title, into: Double(chart.width) - plot.left - layout.edge, layout.title)
        let baseline = layout.edge + layout.title.capitalHeight
        canvas.write(title, x: plot.left, baseline: baseline, layout.title)
        let top = chart.title.isEmpty ? layout.edge : baseline + 0.9 * layout.title.size
        layout.legend.draw(left: plot.left, top: top, on: canvas)
    }

    private func positions(_ points: [LineChart.Point]) -> [Position] {
        LineReduction.extremes(of: points, column: { Int(horizontal($0)) }).map(position)
    }

    private func position(_ point: LineChart.Point) -> Position {
        // Values far outside the range end just beyond the edge, where they are clipped.
        let y = min(max(vertical(point.value) + 0.5, plot.top - 8), plot.bottom + 8)
        return Position(x: horizontal(point.step), y: y)
    }

    private func horizontal(_ step: Double) -> Double {
        let share = (step - data.steps.lowerBound) / (data.steps.upperBound - data.steps.lowerBound)
        return plot.left + share * plot.width
    }

    private func vertical(_ value: Double) -> Double {
        let share = (value - data.values.lowerBound) / (data.values.upperBound - data.values.lowerBound)
        return plot.top + (1 - share) * (plot.height - 1)
    }
}
