import Charts
public import Foundation
public import Images
public import Runs

/// A plot of a run's losses for use in a paper. Every spike is preserved.
public struct LossFigure {
    private let chart: LineChart

    /// - Throws: ``ReportError`` if the run has no recorded losses.
    public init(_ reader: RunReader) throws {
        let series = try reader.lossSeries().filter { !$0.points.isEmpty }
        guard !series.isEmpty else { throw ReportError("Run \(reader.folder.name) has no recorded losses to plot.") }
        let metadata = try reader.metadata()
        chart = LineChart(
            title: "Losses of \(metadata.label ?? metadata.id.text)", series: series, width: 720, height: 405,
            palette: .print)
    }

    /// The figure as an image of 1920 × 1080 pixels.
    public func image() throws -> PixelImage { try chart.render(scale: 1920.0 / 720) }

    /// The figure as an SVG document, 720 × 405 px.
    public func svg() throws -> Data { try chart.svg() }

    /// The figure as a PDF page, 720 × 405 points.
    public func pdf() throws -> Data { try chart.pdf() }
}

/// The reason that a report could not be made, as a sentence.
public struct ReportError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
