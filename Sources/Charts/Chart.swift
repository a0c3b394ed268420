public import Foundation
public import Images

/// A chart that can be rendered as an image, an SVG document and a PDF page: one drawing for all three.
///
/// The same chart always gives the same bytes. Charts can be rendered on several threads at once; they are then drawn one
/// after another.
public protocol Chart: Sendable {
    /// The title of the SVG and PDF documents.
    var title: String { get }
    /// The width in units: pixels at scale 1, `px` in SVG, points (1/72 inch) in PDF.
    var width: Int { get }
    /// The height in units.
    var height: Int { get }

    /// Checks the chart's settings.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when one is out of range.
    func validate() throws

    /// Draws the chart on a canvas of its size.
    func draw(on canvas: Canvas)
}

extension Chart {
    /// Renders the chart as an RGB image of `width * scale` x `height * scale` pixels.
    ///
    /// - Parameter scale: the number of pixels per unit, more than 0. Lines and letters grow with it.
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when a setting is out of range or a side of the image would not be 1
    ///   to 16,384 pixels, ``ImageError/encodingFailed(format:reason:)`` when Cairo fails, for lack of memory.
    public func render(scale: Double = 1) throws -> PixelImage {
        try validate()
        let sides = (Double(width) * scale, Double(height) * scale)
        guard (0.5..<16_384.5).contains(sides.0), (0.5..<16_384.5).contains(sides.1) else {
            throw ImageError.invalidGeometry(
                "A chart of \(width) x \(height) cannot be rendered at scale \(scale); "
                    + "use a scale at which both sides have 1 to 16384 pixels.")
        }
        return try RasterSurface.image(
            width: Int(sides.0.rounded()), height: Int(sides.1.rounded()), scale: scale, draw)
    }

    /// Returns the chart as an SVG document in UTF-8. It needs no fonts: its letters are outlines.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when a setting is out of range,
    ///   ``ImageError/encodingFailed(format:reason:)`` when Cairo fails, for lack of memory.
    public func svg() throws -> Data {
        try validate()
        return try VectorSurface.svg(title: title, width: width, height: height, draw)
    }

    /// Returns the chart as a PDF document of one page. Its text can be selected and searched.
    ///
    /// - Throws: the same errors as ``svg()``.
    public func pdf() throws -> Data {
        try validate()
        return try VectorSurface.pdf(title: title, width: width, height: height, draw)
    }
}
