import Foundation
public import Torch

/// How much samples differ from each other, compared with real examples.
///
/// Detects collapse: a ratio near 0 means that all samples are alike. Does not detect the loss of one mode among many.
/// Noise increases it, so a high value is not a sign of quality.
public struct Diversity: Sendable, Codable, Equatable {
    /// The mean Euclidean distance between two samples, and between two reference examples.
    public var samples, reference: Double
    /// The samples' distance divided by the reference's; 1 is as diverse as the data.
    public var ratio: Double { samples / reference }

    /// - Parameters:
    ///   - reference: features `[n, dimensions]`.
    ///   - samples: features `[m, dimensions]`.
    public init(reference: Tensor, samples: Tensor) throws {
        self.reference = try Diversity.meanDistance(reference)
        self.samples = try Diversity.meanDistance(samples)
    }

    /// The mean distance between different rows, over at most the first 2000 rows.
    static func meanDistance(_ points: Tensor) throws -> Double {
        let count = min(points.shape[0], 2000)
        guard count > 1 else {
            throw TorchError(.invalidOperation, "Diversity needs at least two examples on each side.")
        }
        let some = try points.slice(0..<count)
        let distances = try Neighbors.squaredDistances(some, some).squareRoot()
        // Subtract the diagonal, where rounding leaves distances slightly above 0.
        return (try distances.sum().item() - distances.trace()) / Double(count * (count - 1))
    }
}

/// Samples that are nearly equal to another sample.
///
/// Two samples are near-duplicates if they are closer than 99 % of real examples are to their nearest neighbor among as
/// many. So about one in a hundred real examples also counts as a near-duplicate.
///
/// Detects the repeated images of a collapse. Does not detect samples that look alike to people but are far apart in
/// the features.
///
/// Source: Arora and Zhang 2017 (arXiv 1706.08224) for the estimate by the birthday paradox.
public struct NearDuplicates: Sendable, Codable, Equatable {
    /// The distance up to which two samples are near-duplicates.
    public var threshold: Double
    /// The share of samples that have a near-duplicate among the samples.
    public var share: Double
    /// The number of pairs of near-duplicates.
    public var pairs: Int
    /// The number of samples examined.
    public var count: Int
    /// The approximate number of distinct samples that the generator can produce, estimated from the number of pairs
    /// expected by chance. `nil` if there are no pairs; the support is then probably larger than half the square of the
    /// number of samples.
    public var estimatedSupport: Double?
    /// The samples with the most near-duplicates, in descending order, each followed by its near-duplicates.
    public var groups: [[Int]]

    /// - Parameters:
    ///   - reference: features of real examples, `[n, dimensions]`, in random order.
    ///   - samples: features of samples, `[m, dimensions]`.
    ///   - limit: the maximum number of samples examined; the first ones are used.
    public init(reference: Tensor, samples: Tensor, limit: Int = 5000) throws {
        let count = min(samples.shape[0], reference.shape[0], limit)
        guard count > 2 else {
            throw TorchError(
                .invalidOperation, "Finding near-duplicates needs at least three samples and three real examples.")
        }
        let some = try samples.slice(0..<count)
        let real = try reference.slice(0..<count)
        self.count = count
        let nearestReal: [Float] = try Neighbors.radii(real, 1).to(.cpu).values()
        let limit = quantile(nearestReal.map(Double.init), 0.01)
        threshold = limit.squareRoot()

        var neighbors: [[Int]] = []
        for range in ranges(of: count, size: 1000) {
            let isNear = try (Neighbors.squaredDistances(some.slice(range), some) .<= limit).to(.cpu)
            let bytes = try isNear.to(.uint8).bytes()
            for row in range {
                let start = (row - range.lowerBound) * count
                neighbors.append((0..<count).filter { $0 != row && bytes[start + $0] != 0 })
            }
        }
        share = Double(neighbors.count { !$0.isEmpty }) / Double(count)
        pairs = neighbors.reduce(0) { $0 + $1.count } / 2
        estimatedSupport = pairs > 0 ? Double(count) * Double(count - 1) / 2 / Double(pairs) : nil
        groups = NearDuplicates.groups(neighbors)
    }

    /// The largest sets of near-duplicates around one sample, with each sample in at most one set.
    private static func groups(_ neighbors: [[Int]]) -> [[Int]] {
        var taken = Set<Int>()
        var groups: [[Int]] = []
        for sample in neighbors.indices.sorted(by: { (-neighbors[$0].count, $0) < (-neighbors[$1].count, $1) }) {
            guard groups.count < 8, !neighbors[sample].isEmpty else { break }
            guard !taken.contains(sample) else { continue }
            let group = [sample] + neighbors[sample].filter { !taken.contains($0) }
            guard group.count > 1 else { continue }
            groups.append(Array(group.prefix(16)))
            taken.formUnion(group)
        }
        return groups
    }
}
