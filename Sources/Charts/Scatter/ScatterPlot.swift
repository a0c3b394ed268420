import Images

/// A square scatter plot of two-dimensional samples over the real points, for example of a ring or grid of Gaussians.
public struct ScatterPlot: Chart {
    /// The real points, drawn first, small and gray.
    public var real: [SIMD2<Float>]
    /// The generated samples, drawn on top in a strong color.
    public var generated: [SIMD2<Float>]
    /// The centers of the data's modes, each marked by a ring.
    public var centers: [SIMD2<Float>]
    /// The side in units (pixels at scale 1), 128 to 4096.
    public var size: Int

    /// The title of SVG and PDF documents; it is not drawn.
    public var title: String { "Real and generated points" }
    /// The same as ``size``.
    public var width: Int { size }
    /// The same as ``size``.
    public var height: Int { size }

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

    /// Checks the size.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when `size` is not in 128 to 4096.
    public func validate() throws {
        guard (128...4096).contains(size) else {
            throw ImageError.invalidGeometry("A scatter plot cannot be \(size) pixels wide; use 128 to 4096.")
        }
    }

    /// Draws the plot on a canvas of its size.
    public func draw(on canvas: Canvas) { ScatterPlotDrawing(self, on: canvas).draw() }

    private static func isFinite(_ point: SIMD2<Float>) -> Bool { point.x.isFinite && point.y.isFinite }
}
