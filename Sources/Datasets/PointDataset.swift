public import Torch

/// A dataset of points in the plane.
public protocol PointData: Dataset {
    /// The points, `[count, 2]`.
    var points: Tensor { get }
    /// The centers of the modes, if known.
    var centers: [SIMD2<Double>] { get }
}

extension PointData {
    public var count: Int { points.shape[0] }
    public var exampleShape: [Int] { [2] }
    public var contents: [Tensor] { [points] }

    public func examples(_ indices: Tensor) throws -> Tensor {
        try points.gathering(indices.to(points.device))
    }
}

/// Points about which nothing else is known.
public struct PointDataset: PointData {
    public let points: Tensor
    public var centers: [SIMD2<Double>] { [] }
    public var summary: String { "\(count) points in the plane" }

    /// - Parameter points: float32 `[count, 2]`.
    public init(_ points: Tensor) { self.points = points }
}
