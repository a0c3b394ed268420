import Foundation
public import Torch

/// Points in the plane, drawn from equally likely normal distributions: the standard test for mode collapse.
///
/// Source: PacGAN (Lin et al. 2017, arXiv 1712.04086), section 4.1, after VEEGAN.
public struct MixtureDataset: PointData {
    public let name: String
    /// The centre of each mode.
    public let centres: [SIMD2<Double>]
    /// The standard deviation of each mode.
    public let deviation: Double
    /// `[count, 2]`
    public let points: Tensor
    /// The mode that each point was drawn from, an index of ``centres``.
    public let labels: [Int]?

    /// - Parameter portions: how much of a mode is kept, from 0 to 1, by its index; other modes are kept whole. There are fewer
    ///   points than `count` then.
    public init(
        name: String, centres: [SIMD2<Double>], deviation: Double, count: Int, keeping portions: [Int: Double] = [:],
        seed: UInt64, device: Device = .cpu
    ) throws {
        self.name = name
        self.centres = centres
        self.deviation = deviation
        let generator = try RandomGenerator(seed: seed)
        let table = try Tensor(centres.flatMap { [Float($0.x), Float($0.y)] }, shape: [centres.count, 2])
        let modes = try Tensor.randomIntegers(0..<centres.count, [count], from: generator)
        let scatter = try Tensor.randomNormal([count, 2], from: generator)
        let chosen: [Int64] = try modes.values()
        let all = chosen.map(Int.init)
        let drawn = try table.gathering(modes) + scatter * deviation
        guard !portions.isEmpty else {
            (labels, points) = (all, try drawn.to(device))
            return
        }
        let kept = try ClassThinning.positions(of: all, keeping: portions, classes: centres.count)
        labels = kept.map { all[$0] }
        points = try drawn.gathering(Tensor(kept.map(Int64.init))).to(device)
    }

    /// Eight modes on a circle of radius 1, deviation 0.01.
    public static func ring(
        count: Int = 100_000, keeping portions: [Int: Double] = [:], seed: UInt64, device: Device = .cpu
    ) throws -> MixtureDataset {
        let centres = (0..<8).map { mode in
            let angle = 2 * Double.pi * Double(mode) / 8
            return SIMD2(cos(angle), sin(angle))
        }
        return try MixtureDataset(
            name: "ring", centres: centres, deviation: 0.01, count: count, keeping: portions, seed: seed, device: device
        )
    }

    /// Twenty-five modes at {−4, −2, 0, 2, 4}², deviation 0.05.
    public static func grid(
        count: Int = 100_000, keeping portions: [Int: Double] = [:], seed: UInt64, device: Device = .cpu
    ) throws -> MixtureDataset {
        let line = [-4.0, -2, 0, 2, 4]
        let centres = line.flatMap { x in line.map { y in SIMD2(x, y) } }
        return try MixtureDataset(
            name: "grid", centres: centres, deviation: 0.05, count: count, keeping: portions, seed: seed, device: device
        )
    }

    /// `mode 1` and so on.
    public var classNames: [String]? { centres.indices.map { "mode \($0 + 1)" } }

    public var summary: String { "\(count) points of a \(name) of \(centres.count) modes" }
}
