/// A square scatter plot of two-dimensional samples over the real points, for example of a ring or grid of Gaussians.
public struct ScatterPlot: Sendable {
    /// The real points, drawn first, small and gray.
    public var real: [SIMD2<Float>]
    /// The generated samples, drawn on top in a strong color.
    public var generated: [SIMD2<Float>]
    /// The centers of the data's modes, each marked by a ring.
    public var centers: [SIMD2<Float>]
    /// The side of the image in pixels, 128 to 4096.
    public var size: Int

    /// Creates a plot; y points up. Non-finite points are not drawn.
    public init(
        real: [SIMD2<Float>], generated: [SIMD2<Float>], centers: [SIMD2<Float>] = [], size: Int = 512
    ) {
        self.real = real
        self.generated = generated
        self.centers = centers
        self.size = size
    }

    /// The square that the plot shows: the real points and centers with a margin, or the generated points if there are
    /// neither.
    var bounds: (lower: SIMD2<Double>, side: Double) {
        let reference = (real + centers).filter(Self.isFinite)
        let points = reference.isEmpty ? generated.filter(Self.isFinite) : reference
        guard let first = points.first else { return ([-1, -1], 2) }
        var lower = SIMD2<Double>(first)
        var upper = lower
        for point in points {
            lower = pointwiseMin(lower, SIMD2<Double>(point))
            upper = pointwiseMax(upper, SIMD2<Double>(point))
        }
        let extent = upper - lower
        let center = (lower + upper) / 2
        let largest = max(extent.x, extent.y)
        // A single location still needs a square around it, larger than the floating-point resolution.
        let side = largest > 0 ? largest * 1.24 : max(abs(center.x), abs(center.y), 1)
        return (center - side / 2, side)
    }

    /// The share of generated points, 0 to 1, that are outside the plot or not finite.
    public var shareOutside: Double {
        guard !generated.isEmpty else { return 0 }
        let (lower, side) = bounds
        let outside = generated.count { point in
            let place = (SIMD2<Double>(point) - lower) / side
            return !(place.x >= 0 && place.x <= 1 && place.y >= 0 && place.y <= 1)
        }
        return Double(outside) / Double(generated.count)
    }

    /// Renders the plot as an RGB image of `size` x `size` pixels. The same points always give the same pixels.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when `size` is not in 128 to 4096.
    public func render() throws -> PixelImage {
        guard (128...4096).contains(size) else {
            throw ImageError.invalidGeometry("A scatter plot cannot be \(size) pixels wide; use 128 to 4096.")
        }
        let unit = Double(size) / 512
        let margin = (left: Int(44 * unit), top: Int(16 * unit), side: size - Int(60 * unit))
        let (lower, side) = bounds
        func place(_ point: SIMD2<Float>) -> Position? {
            let share = (SIMD2<Double>(point) - lower) / side
            guard share.x >= 0, share.x <= 1, share.y >= 0, share.y <= 1 else { return nil }
            let length = Double(margin.side)
            return Position(x: Double(margin.left) + share.x * length, y: Double(margin.top) + (1 - share.y) * length)
        }

        var canvas = Canvas(width: size, height: size, background: .paper)
        drawGrid(on: &canvas, left: margin.left, top: margin.top, length: margin.side, lower: lower, extent: side)

        let realOpacity = Self.opacity(count: real.count, most: 0.75, least: 0.3)
        for point in real.compactMap(place) {
            canvas.fillDisc(around: point, radius: 1.4 * unit, RGBColor(hex: 0xA8B3C4), opacity: realOpacity)
        }
        let generatedOpacity = Self.opacity(count: generated.count, most: 0.6, least: 0.2)
        for point in generated.compactMap(place) {
            canvas.fillDisc(around: point, radius: 1.9 * unit, RGBColor(hex: 0x4F46E5), opacity: generatedOpacity)
        }
        var rings = CoverageMask(left: margin.left, top: margin.top, width: margin.side, height: margin.side)
        for point in centers.compactMap(place) {
            rings.ring(around: point, radius: 6 * unit, thickness: 1.6 * unit)
        }
        canvas.paint(rings, RGBColor(hex: 0xF97316), opacity: 0.95)
        canvas.strokeRectangle(
            left: margin.left, top: margin.top, width: margin.side, height: margin.side, .frame)
        return canvas.image
    }

    private func drawGrid(
        on canvas: inout Canvas, left: Int, top: Int, length: Int, lower: SIMD2<Double>, extent: Double
    ) {
        let unit = Double(size) / 512
        let style = TextStyle(unit: 1.35 * max(unit, 0.8), thickness: 1.3 * max(unit, 0.8), color: .mutedText)
        canvas.fillRectangle(left: left, top: top, width: length, height: length, .plotArea)
        let columns = AxisTicks(in: lower.x...lower.x + extent, about: 6)
        for (value, label) in zip(columns.values, columns.labels) {
            let x = left + Int((value - lower.x) / extent * Double(length - 1))
            canvas.fillRectangle(left: x, top: top, width: 1, height: length, .gridLine)
            canvas.write(
                label, x: Double(x) + 0.5, top: Double(top + length) + 9 * unit, style, alignment: .center)
        }
        let rows = AxisTicks(in: lower.y...lower.y + extent, about: 6)
        for (value, label) in zip(rows.values, rows.labels) {
            let y = top + length - 1 - Int((value - lower.y) / extent * Double(length - 1))
            canvas.fillRectangle(left: left, top: y, width: length, height: 1, .gridLine)
            canvas.write(
                label, x: Double(left) - 8 * unit, top: Double(y) + 0.5 - style.capitalHeight / 2, style,
                alignment: .right)
        }
    }

    private static func isFinite(_ point: SIMD2<Float>) -> Bool { point.x.isFinite && point.y.isFinite }

    /// Lowers the opacity for many points, so that their density stays visible.
    private static func opacity(count: Int, most: Double, least: Double) -> Double {
        max(least, min(most, most * (1500 / Double(max(count, 1))).squareRoot()))
    }
}
