import Foundation
public import Torch

/// Points in the plane, drawn from equally likely normal distributions: a standard test for mode collapse.
///
/// Source: PacGAN (Lin et al. 2017, arXiv 1712.04086), section 4.1, after VEEGAN.
public struct MixtureDataset: PointData {
    public let name: String
    /// The center of each mode.
    public let centers: [SIMD2<Double>]
    /// The standard deviation of each mode.
    public let deviation: Double
    /// `[count, 2]`
    public let points: Tensor
    /// The mode from which each point was drawn, as an index into ``centers``.
    public let labels: [Int]?

    /// Draws the points.
    ///
    /// - Parameter portions: the portion, 0 to 1, to keep of each given mode, by index; other modes are kept whole. The
    ///   result then has fewer than `count` points.
    public init(
        name: String, centers: [SIMD2<Double>], deviation: Double, count: Int, keeping portions: [Int: Double] = [:],
        seed: UInt64, device: Device = .cpu
    ) throws {
        self.name = name
        self.centers = centers
        self.deviation = deviation
        let generator = try RandomGenerator(seed: seed)
        let table = try Tensor(centers.flatMap { [Float($0.x), Float($0.y)] }, shape: [centers.count, 2])
        let modes = try Tensor.randomIntegers(0..<centers.count, [count], from: generator)
        let scatter = try Tensor.randomNormal([count, 2], from: generator)
        let chosen: [Int64] = try modes.values()
        let all = chosen.map(Int.init)
        let drawn = try table.gathering(modes) + scatter * deviation
        guard !portions.isEmpty else {
            (labels, points) = (all, try drawn.to(device))
            return
        }
        let kept = try ClassThinning.positions(of: all, keeping: portions, classes: centers.count)
        labels = kept.map { all[$0] }
        points = try drawn.gathering(Tensor(kept.map(Int64.init))).to(device)
    }

    /// Eight modes on a circle of radius 1, with standard deviation 0.01.
    public static func ring(
        count: Int = 100_000, keeping portions: [Int: Double] = [:], seed: UInt64, device: Device = .cpu
    ) throws -> MixtureDataset {
        let centers = (0..<8).map { mode in
            let angle = 2 * Double.pi * Double(mode) / 8
            return SIMD2(cos(angle), sin(angle))
        }
        return try MixtureDataset(
            name: "ring", centers: centers, deviation: 0.01, count: count, keeping: portions, seed: seed, device: device
        )
    }

    /// Twenty-five modes at {−4, −2, 0, 2, 4}², with standard deviation 0.05.
    public static func grid(
        count: Int = 100_000, keeping portions: [Int: Double] = [:], seed: UInt64, device: Device = .cpu
    ) throws -> MixtureDataset {
        let line = [-4.0, -2, 0, 2, 4]
        let centers = line.flatMap { x in line.map { y in SIMD2(x, y) } }
        return try MixtureDataset(
            name: "grid", centers: centers, deviation: 0.05, count: count, keeping: portions, seed: seed, device: device
        )
    }

    /// `mode 1`, `mode 2` and so on.
    public var classNames: [String]? { centers.indices.map { "mode \($0 + 1)" } }

    public var summary: String { "\(count) points of a \(name) with \(centers.count) modes" }
}
