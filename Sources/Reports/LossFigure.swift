import Foundation
public import Images
import Measurements
public import Runs

/// A plot of a run's losses for use in a paper.
public struct LossFigure {
    private let title: String
    private let lines: [(name: String, points: [SeriesPoint])]

    private static let names = SeriesName.losses
    /// Colors that remain distinguishable in print and with most forms of color blindness (Okabe and Ito 2008).
    private static let inks = ["#0072b2", "#d55e00", "#009e73"]

    /// - Throws: ``ReportError`` if the run has no recorded losses.
    public init(_ reader: RunReader) throws {
        let metadata = try reader.metadata()
        title = "Losses of \(metadata.label ?? metadata.id.text)"
        lines = try LossFigure.names.map { ($0.rawValue, try reader.points(of: $0)) }.filter { !$0.points.isEmpty }
        guard !lines.isEmpty else { throw ReportError("Run \(reader.folder.name) has no recorded losses to plot.") }
    }

    /// The figure as a pixel image.
    public func image() throws -> PixelImage {
        try LineChart(
            title: title,
            series: lines.map { name, points in
                LineChart.Series(
                    name: name, points: points.map { LineChart.Point(step: $0.step, value: $0.value) })
            }, width: 1920, height: 1080
        ).render()
    }

    /// The figure as SVG, 720 × 400 points. Every spike is preserved.
    public func svg() -> String {
        let plot = (left: 52.0, top: 28.0, right: 708.0, bottom: 358.0)
        let reduced = lines.map { SeriesReduction($0.points, buckets: 600) }
        let steps = reduced.flatMap { $0.steps + $0.marks.map(\.step) }.map(Double.init)
        let values = reduced.flatMap(\.values)
        let across = LossFigure.range(steps)
        let up = LossFigure.range(values)
        func x(_ step: Double) -> Double {
            plot.left + (step - across.lowerBound) / (across.upperBound - across.lowerBound) * (plot.right - plot.left)
        }
        func y(_ value: Double) -> Double {
            plot.bottom - (value - up.lowerBound) / (up.upperBound - up.lowerBound) * (plot.bottom - plot.top)
        }
        func number(_ value: Double) -> String { String(format: "%.1f", value) }
        func text(_ words: String, _ x: Double, _ y: Double, anchor: String) -> String {
            "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">\(LossFigure.escaped(words))</text>"
        }
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 400\" font-family=\"sans-serif\" font-size=\"11\">",
            "<title>\(LossFigure.escaped(title))</title><rect width=\"720\" height=\"400\" fill=\"white\"/>",
        ]
        let horizontal = AxisTicks(in: across, about: 8, wholeNumbers: true)
        let vertical = AxisTicks(in: up, about: 6)
        for (value, label) in zip(vertical.values, vertical.labels) {
            parts.append(
                "<path d=\"M\(number(plot.left)) \(number(y(value)))H\(number(plot.right))\" stroke=\"#dddddd\" stroke-width=\"0.6\"/>"
            )
            parts.append(text(label, plot.left - 6, y(value) + 4, anchor: "end"))
        }
        for (value, label) in zip(horizontal.values, horizontal.labels) {
            parts.append(text(label, x(value), plot.bottom + 16, anchor: "middle"))
        }
        parts.append(text("step", (plot.left + plot.right) / 2, plot.bottom + 34, anchor: "middle"))
        for (index, series) in reduced.enumerated() {
            let ink = LossFigure.inks[index % LossFigure.inks.count]
            let points = zip(series.steps, series.values).map { "\(number(x(Double($0)))),\(number(y($1)))" }
            parts.append(
                "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"\(ink)\" stroke-width=\"1\"/>"
            )
            for mark in series.marks {
                parts.append(
                    "<path d=\"M\(number(x(Double(mark.step)))) \(number(plot.bottom))v-8\" stroke=\"#cc0000\"><title>\(mark.value)</title></path>"
                )
            }
            let place = plot.left + Double(index) * 190
            parts.append("<path d=\"M\(number(place)) 14h18\" stroke=\"\(ink)\" stroke-width=\"2\"/>")
            parts.append(text(lines[index].name, place + 24, 18, anchor: "start"))
        }
        return (parts + ["</svg>\n"]).joined(separator: "\n")
    }

    /// The range of the values, widened if it would be empty.
    private static func range(_ values: [Double]) -> ClosedRange<Double> {
        guard let low = values.min(), let high = values.max() else { return 0...1 }
        return low < high ? low...high : low - 0.5...low + 0.5
    }

    private static func escaped(_ text: String) -> String {
        // Work on scalars: a "<" that forms one Character with a neighboring scalar is still "<" to a parser.
        text.unicodeScalars.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
    }
}

/// The reason that a report could not be made, as a sentence.
public struct ReportError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
