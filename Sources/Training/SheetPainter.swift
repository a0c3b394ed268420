import Charts
public import Datasets
import Foundation
public import Images
public import Torch

/// Draws generated examples: images as a sheet, points as a scatter plot over the real points.
public struct SheetPainter {
    private let plot: ScatterPlot?

    /// - Parameter data: the data that the generator imitates; required only for points.
    public init(_ data: (any Dataset)?) throws {
        guard let data, data.exampleShape == [2] else {
            plot = nil
            return
        }
        let shown = try data.examples(Tensor.range(min(data.count, 2_000)))
        plot = ScatterPlot(
            real: try SheetPainter.points(shown), generated: [],
            centers: (data as? any PointData)?.centers.map { SIMD2<Float>($0) } ?? [])
    }

    /// Whether examples of a shape can be drawn: gray or color images, and points in the plane.
    static func canPaint(_ shape: [Int]) -> Bool {
        shape == [2] || shape.count == 3 && [1, 3].contains(shape[0])
    }

    /// - Parameter examples: float32 `[count, channels, height, width]` in [−1, 1], or `[count, 2]`.
    public func paint(_ examples: Tensor) throws -> PixelImage {
        if var plot {
            plot.generated = try SheetPainter.points(examples)
            return try plot.render()
        }
        let images = try SheetPainter.images(examples)
        let columns = max(1, Int(Double(images.count).squareRoot().rounded(.up)))
        let size = images.first?.width ?? 1
        return try SampleSheet(columns: columns, scale: size < 64 ? 2 : 1).compose(images)
    }

    /// Converts each example to an image.
    public static func images(_ examples: Tensor) throws -> [PixelImage] {
        let shape = examples.shape
        let bytes = try ImageDataset.bytes(of: examples).permuted([0, 2, 3, 1]).bytes()
        let size = shape.dropFirst().reduce(1, *)
        return try (0..<shape[0]).map { index in
            try PixelImage(
                width: shape[3], height: shape[2], channels: shape[1],
                pixels: Array(bytes[index * size..<(index + 1) * size]))
        }
    }

    private static func points(_ tensor: Tensor) throws -> [SIMD2<Float>] {
        let values: [Float] = try tensor.values()
        return stride(from: 0, to: values.count, by: 2).map { SIMD2(values[$0], values[$0 + 1]) }
    }
}
