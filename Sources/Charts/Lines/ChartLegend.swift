import Images

/// The names of a line chart's series beside samples of their lines, in rows.
struct ChartLegend {
    enum Sample {
        case line(LineStyle)
        /// The mark of steps whose values are not finite.
        case alarm
        case none
    }

    private struct Content {
        let text: String
        let sample: Sample
    }

    private struct Entry {
        let text: String
        let sample: Sample
        let left: Double
    }

    private let rows: [[Entry]]
    private let style: TextStyle

    private static let sampleWidth = 18.0
    private static let gap = 8.0
    private static let distance = 24.0

    /// The height including the distance to the plot below.
    var height: Double { rows.isEmpty ? 4 : Double(rows.count) * rowHeight + 0.4 * style.size }

    private var rowHeight: Double { (1.65 * style.size).rounded() }

    /// Arranges the entries in at most `rows` rows; if they do not fit, the last entry says how many are missing.
    init(_ chart: LineChart, hasBrokenSteps: Bool, style: TextStyle, width: Double, rows limit: Int, on canvas: Canvas)
    {
        self.style = style
        let lines = chart.series.enumerated().filter { !$1.name.isEmpty }.map { index, series in
            Content(text: series.name, sample: .line(Self.line(chart.palette, index)))
        }
        let alarm = hasBrokenSteps ? [Content(text: "not finite", sample: .alarm)] : []
        let (rows, isComplete) = Self.arranged(lines + alarm, style, width: width, rows: limit, on: canvas)
        // The mark is explained even where not all series can be named.
        self.rows =
            isComplete || alarm.isEmpty
            ? rows : Self.arranged(alarm + lines, style, width: width, rows: limit, on: canvas).rows
    }

    private static func arranged(
        _ contents: [Content], _ style: TextStyle, width: Double, rows limit: Int, on canvas: Canvas
    ) -> (rows: [[Entry]], isComplete: Bool) {
        var rows: [[Entry]] = []
        var left = 0.0
        for (number, content) in contents.enumerated() {
            let start = sampleWidth + gap
            let text = canvas.fitted(content.text, into: width - start, style)
            let needed = start + canvas.width(of: text, style)
            if rows.isEmpty || left + needed > width {
                if rows.count == limit {
                    say(contents.count - number, in: &rows[limit - 1], from: left, to: width, style, canvas)
                    return (rows, false)
                }
                rows.append([])
                left = 0
            }
            rows[rows.count - 1].append(Entry(text: text, sample: content.sample, left: left))
            left += needed + distance
        }
        return (rows, true)
    }

    /// Replaces as many entries of the last row as needed by the number of missing ones.
    private static func say(
        _ missing: Int, in row: inout [Entry], from left: Double, to width: Double, _ style: TextStyle, _ canvas: Canvas
    ) {
        var (missing, left) = (missing, left)
        while left + canvas.width(of: "and \(missing) more", style) > width, let last = row.popLast() {
            missing += 1
            left = last.left
        }
        row.append(Entry(text: "and \(missing) more", sample: .none, left: left))
    }

    /// The style of a series' line.
    static func line(_ palette: ChartPalette, _ index: Int) -> LineStyle {
        LineStyle(color: palette.color(index), thickness: 2, dashes: palette.dashes(index))
    }

    /// Draws the rows from `top` downward.
    func draw(left: Double, top: Double, on canvas: Canvas) {
        for (number, row) in rows.enumerated() {
            let baseline = (top + Double(number) * rowHeight + style.capitalHeight).rounded()
            for entry in row {
                let start = left + entry.left
                draw(entry.sample, left: start, middle: baseline - (style.capitalHeight / 2).rounded(), on: canvas)
                var textLeft = start
                if case .none = entry.sample {} else { textLeft += Self.sampleWidth + Self.gap }
                canvas.write(entry.text, x: textLeft, baseline: baseline, style)
            }
        }
    }

    private func draw(_ sample: Sample, left: Double, middle: Double, on canvas: Canvas) {
        switch sample {
        case .line(let style):
            let ends = [Position(x: left + 1, y: middle), Position(x: left + Self.sampleWidth - 1, y: middle)]
            canvas.stroke([ends], style)
        case .alarm:
            let mark = Rectangle(left: left + Self.sampleWidth / 2 - 1, top: middle - 6, width: 2, height: 12)
            canvas.fill(mark, .alarm)
        case .none: break
        }
    }
}
