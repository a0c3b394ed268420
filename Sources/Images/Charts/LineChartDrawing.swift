/// One rendering of a ``LineChart``: computes the layout, then draws from the background up.
struct LineChartDrawing {
    private let chart: LineChart
    private let data: LineChartData
    private let valueTicks: AxisTicks
    private let stepTicks: AxisTicks
    private let plot: (left: Int, top: Int, width: Int, height: Int)
    private var canvas: Canvas

    private static let titleStyle = TextStyle(unit: 2.3, thickness: 2.3, color: .text)
    private static let legendStyle = TextStyle(unit: 1.55, thickness: 1.5, color: .text)
    private static let tickStyle = TextStyle(unit: 1.5, thickness: 1.4, color: .mutedText)
    private static let legendRowHeight = 22
    private static let edge = 28

    init(_ chart: LineChart) {
        self.chart = chart
        data = LineChartData(chart)
        valueTicks = AxisTicks(in: data.values, about: max((chart.height - 140) / 62, 2))
        stepTicks = AxisTicks(in: data.steps, about: max((chart.width - 100) / 110, 2), wholeNumbers: true)
        let labelWidth = valueTicks.labels.map(Self.tickStyle.width(of:)).max() ?? 0
        let left = Self.edge + Int(labelWidth) + 12
        let legend = Self.legendRows(chart, data, limit: chart.width - left - Self.edge)
        let top = (chart.title.isEmpty ? 24 : 58) + min(legend.count, 4) * Self.legendRowHeight + 12
        let bottom = chart.horizontalLabel.isEmpty ? 42 : 58
        plot = (left, top, max(chart.width - left - Self.edge, 1), max(chart.height - top - bottom, 1))
        canvas = Canvas(width: chart.width, height: chart.height, background: .paper)
    }

    mutating func draw() -> PixelImage {
        drawGrid()
        drawRawLines()
        drawSmoothedLines()
        drawMarks()
        drawFrame()
        if data.isEmpty { drawAbsence() }
        drawTitleAndLegend()
        return canvas.image
    }

    private mutating func drawGrid() {
        canvas.fillRectangle(left: plot.left, top: plot.top, width: plot.width, height: plot.height, .plotArea)
        for (value, label) in zip(valueTicks.values, valueTicks.labels) {
            let y = Int(vertical(value))
            canvas.fillRectangle(
                left: plot.left, top: y, width: plot.width, height: 1, value == 0 ? .frame : .gridLine)
            canvas.write(
                label, x: Double(plot.left) - 10, top: Double(y) + 0.5 - Self.tickStyle.capitalHeight / 2,
                Self.tickStyle, alignment: .right)
        }
        let labelTop = Double(plot.top + plot.height + 12)
        for (step, label) in zip(stepTicks.values, stepTicks.labels) {
            let x = min(Int(horizontal(step)), plot.left + plot.width - 1)
            canvas.fillRectangle(left: x, top: plot.top, width: 1, height: plot.height, .gridLine)
            canvas.write(label, x: Double(x) + 0.5, top: labelTop, Self.tickStyle, alignment: .center)
        }
        canvas.write(
            Self.tickStyle.fitted(chart.horizontalLabel, into: Double(plot.width)),
            x: Double(plot.left) + Double(plot.width) / 2, top: labelTop + 22, Self.tickStyle, alignment: .center)
    }

    private mutating func drawRawLines() {
        for (index, line) in data.lines.enumerated() {
            var mask = CoverageMask(left: plot.left, top: plot.top, width: plot.width, height: plot.height)
            for run in line.runs { stroke(run, thickness: 1.1, on: &mask) }
            canvas.paint(mask, Self.color(index), opacity: 0.3)
        }
    }

    private mutating func drawSmoothedLines() {
        for (index, line) in data.lines.enumerated() {
            var mask = CoverageMask(left: plot.left, top: plot.top, width: plot.width, height: plot.height)
            for run in line.smoothed { stroke(run, thickness: 2.3, on: &mask) }
            // Draw a dot per point if there are few: a lone value between two gaps would be hard to see otherwise.
            let hasRoom = line.smoothed.reduce(0) { $0 + $1.count } * 16 <= plot.width
            for point in line.smoothed.joined() where hasRoom && data.values.contains(point.value) {
                let position = Position(x: horizontal(point.step), y: clippedVertical(point.value))
                mask.stroke(from: position, to: position, thickness: 6.5)
            }
            canvas.paint(mask, Self.color(index))
        }
    }

    /// Connects the points; within one pixel column, only the first, smallest, largest and last value.
    private func stroke(_ run: [LineChart.Point], thickness: Double, on mask: inout CoverageMask) {
        var previous: Position?
        func join(_ points: ArraySlice<LineChart.Point>, on mask: inout CoverageMask) {
            var indices: Set = [points.startIndex, points.endIndex - 1]
            if let least = points.indices.min(by: { points[$0].value < points[$1].value }) { indices.insert(least) }
            if let most = points.indices.max(by: { points[$0].value < points[$1].value }) { indices.insert(most) }
            for index in indices.sorted() {
                let position = Position(x: horizontal(points[index].step), y: clippedVertical(points[index].value))
                mask.stroke(from: previous ?? position, to: position, thickness: thickness)
                previous = position
            }
        }
        var start = run.startIndex
        for index in run.indices.dropFirst()
        where Int(horizontal(run[index].step)) != Int(horizontal(run[start].step)) {
            join(run[start..<index], on: &mask)
            start = index
        }
        if start < run.endIndex { join(run[start...], on: &mask) }
    }

    /// Draws triangles where values were cut off and red ticks where they were not finite.
    private mutating func drawMarks() {
        for (index, line) in data.lines.enumerated() {
            var lastAbove = -Double.infinity
            var lastBelow = -Double.infinity
            for point in line.runs.joined() where !data.values.contains(point.value) {
                let x = horizontal(point.step)
                let isAbove = point.value > data.values.upperBound
                guard x - (isAbove ? lastAbove : lastBelow) >= 9 else { continue }
                if isAbove { lastAbove = x } else { lastBelow = x }
                drawTriangle(x: Int(x), pointsUp: isAbove, Self.color(index))
            }
        }
        for step in data.lines.flatMap(\.brokenSteps) {
            let x = min(Int(horizontal(step)), plot.left + plot.width - 1)
            canvas.fillRectangle(left: x - 1, top: plot.top + plot.height - 9, width: 2, height: 13, .alarm)
        }
    }

    private mutating func drawTriangle(x: Int, pointsUp: Bool, _ color: RGBColor) {
        for row in 0..<5 {
            let y = pointsUp ? plot.top + 2 + row : plot.top + plot.height - 3 - row
            canvas.fillRectangle(left: x - row, top: y, width: 2 * row + 1, height: 1, color)
        }
    }

    private mutating func drawFrame() {
        canvas.fillRectangle(left: plot.left, top: plot.top, width: 1, height: plot.height, .frame)
        canvas.fillRectangle(left: plot.left, top: plot.top + plot.height - 1, width: plot.width, height: 1, .frame)
    }

    private mutating func drawAbsence() {
        canvas.write(
            "no values yet", x: Double(plot.left) + Double(plot.width) / 2,
            top: Double(plot.top) + (Double(plot.height) - Self.legendStyle.capitalHeight) / 2, Self.tickStyle,
            alignment: .center)
    }

    private mutating func drawTitleAndLegend() {
        let title = Self.titleStyle.fitted(chart.title, into: Double(plot.width))
        canvas.write(title, x: Double(plot.left), top: 22, Self.titleStyle)
        var top = chart.title.isEmpty ? 24 : 58
        for row in Self.legendRows(chart, data, limit: plot.width).prefix(4) {
            var x = Double(plot.left)
            for entry in row {
                let middle = Double(top) + Self.legendStyle.capitalHeight / 2
                var mask = CoverageMask(left: Int(x), top: top, width: 24, height: 16)
                mask.stroke(
                    from: Position(x: x + 2, y: middle), to: Position(x: x + 18, y: middle), thickness: 3)
                canvas.paint(mask, entry.color)
                canvas.write(entry.text, x: x + 27, top: Double(top), Self.legendStyle)
                x += entry.width
            }
            top += Self.legendRowHeight
        }
    }

    /// Arranges the legend's entries in rows, as many per row as fit.
    private static func legendRows(
        _ chart: LineChart, _ data: LineChartData, limit: Int
    ) -> [[(text: String, color: RGBColor, width: Double)]] {
        var entries = chart.series.enumerated().map { (text: $1.name, color: color($0)) }
        if data.lines.contains(where: { !$0.brokenSteps.isEmpty }) { entries.append(("not finite", .alarm)) }
        var rows: [[(text: String, color: RGBColor, width: Double)]] = []
        var room = 0.0
        for entry in entries {
            let text = legendStyle.fitted(entry.text, into: Double(limit) - 56)
            let width = legendStyle.width(of: text) + 52
            if rows.isEmpty || width - 25 > room {
                rows.append([])
                room = Double(limit)
            }
            rows[rows.count - 1].append((text, entry.color, width))
            room -= width
        }
        return rows
    }

    private static func color(_ index: Int) -> RGBColor { RGBColor.series[index % RGBColor.series.count] }

    private func horizontal(_ step: Double) -> Double {
        let share = (step - data.steps.lowerBound) / (data.steps.upperBound - data.steps.lowerBound)
        return Double(plot.left) + share * Double(plot.width)
    }

    private func vertical(_ value: Double) -> Double {
        let share = (value - data.values.lowerBound) / (data.values.upperBound - data.values.lowerBound)
        return Double(plot.top) + (1 - share) * Double(plot.height - 1)
    }

    /// Clamps values far outside the range to just beyond the edge, where the mask clips them.
    private func clippedVertical(_ value: Double) -> Double {
        min(max(vertical(value) + 0.5, Double(plot.top) - 8), Double(plot.top + plot.height) + 8)
    }
}
