import Foundation
public import Torch

/// How much samples differ from each other, beside how much real examples do.
///
/// It sees collapse: a ratio near 0 means that the samples are all alike. It does not see a lost mode among many, and noise
/// makes it larger, so a high value is no sign of quality.
public struct Diversity: Sendable, Codable, Equatable {
    /// The mean Euclidean distance between two examples.
    public var samples, reference: Double
    /// The samples' in proportion to the reference's; 1 is as diverse as the data.
    public var ratio: Double { samples / reference }

    /// - Parameters:
    ///   - reference: features `[n, dimensions]`.
    ///   - samples: features `[m, dimensions]`.
    public init(reference: Tensor, samples: Tensor) throws {
        self.reference = try Diversity.meanDistance(reference)
        self.samples = try Diversity.meanDistance(samples)
    }

    /// The mean distance between two different rows; of many rows, between the first 2000.
    static func meanDistance(_ points: Tensor) throws -> Double {
        let count = min(points.shape[0], 2000)
        guard count > 1 else {
            throw TorchError(.invalidOperation, "Diversity needs at least two examples on each side.")
        }
        let some = try points.slice(0..<count)
        let distances = try Neighbours.squaredDistances(some, some).squareRoot()
        // Rounding leaves a point a little away from itself.
        return (try distances.sum().item() - distances.trace()) / Double(count * (count - 1))
    }
}

/// Samples that nearly equal another sample.
///
/// Two examples count as near-duplicates if they are nearer than 99 % of real examples are to their nearest other among as
/// many. So about one in a hundred real examples counts too.
///
/// It sees the repeated pictures of a collapse. It does not see samples that are alike to people and far apart in the
/// features.
///
/// Source: Arora and Zhang 2017 (arXiv 1706.08224) for the estimate by the birthday paradox.
public struct NearDuplicates: Sendable, Codable, Equatable {
    /// The distance under which two examples count as near-duplicates.
    public var threshold: Double
    /// The share of samples that have a near-duplicate among the samples.
    public var share: Double
    /// How many pairs of samples are near-duplicates.
    public var pairs: Int
    /// How many samples were looked at.
    public var count: Int
    /// About how many different samples the generator can make, from the pairs that chance would give; `nil` when there is no
    /// pair, and the support is then probably larger than half the square of the samples' number.
    public var estimatedSupport: Double?
    /// The most repeated samples, most repeated first: a sample and the others that nearly equal it.
    public var groups: [[Int]]

    /// - Parameters:
    ///   - reference: features of real examples, `[n, dimensions]`, in random order.
    ///   - samples: features of samples, `[m, dimensions]`; of more than `limit` the first are taken.
    public init(reference: Tensor, samples: Tensor, limit: Int = 5000) throws {
        let count = min(samples.shape[0], reference.shape[0], limit)
        guard count > 2 else {
            throw TorchError(
                .invalidOperation, "Near-duplicates need at least three samples and as many real examples.")
        }
        let some = try samples.slice(0..<count)
        let real = try reference.slice(0..<count)
        self.count = count
        let nearestReal: [Float] = try Neighbours.radii(real, 1).to(.cpu).values()
        let limit = quantile(nearestReal.map(Double.init), 0.01)
        threshold = limit.squareRoot()

        var neighbours: [[Int]] = []
        for range in ranges(of: count, size: 1000) {
            let isNear = try (Neighbours.squaredDistances(some.slice(range), some) .<= limit).to(.cpu)
            let bytes = try isNear.to(.uint8).bytes()
            for row in range {
                let start = (row - range.lowerBound) * count
                neighbours.append((0..<count).filter { $0 != row && bytes[start + $0] != 0 })
            }
        }
        share = Double(neighbours.count { !$0.isEmpty }) / Double(count)
        pairs = neighbours.reduce(0) { $0 + $1.count } / 2
        estimatedSupport = pairs > 0 ? Double(count) * Double(count - 1) / 2 / Double(pairs) : nil
        groups = NearDuplicates.groups(neighbours)
    }

    /// The largest sets of samples around one sample, each sample in one set at most.
    private static func groups(_ neighbours: [[Int]]) -> [[Int]] {
        var taken = Set<Int>()
        var groups: [[Int]] = []
        for sample in neighbours.indices.sorted(by: { (-neighbours[$0].count, $0) < (-neighbours[$1].count, $1) }) {
            guard groups.count < 8, !neighbours[sample].isEmpty else { break }
            guard !taken.contains(sample) else { continue }
            let group = [sample] + neighbours[sample].filter { !taken.contains($0) }
            guard group.count > 1 else { continue }
            groups.append(Array(group.prefix(16)))
            taken.formUnion(group)
        }
        return groups
    }
}
