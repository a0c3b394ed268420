public import Torch

/// Samples that are copies of training examples.
///
/// A sample counts as a copy if its nearest example is at least three times closer than its second nearest. The
/// criterion thus adapts to the local density of the examples. Duplicates in the data count once. Detects copying, even
/// of a few examples among many. With pixels as features, it does not detect copies that are shifted or recolored.
///
/// Source: Yoon et al. 2023, "Diffusion Probabilistic Models Generalize when They Fail to Memorize"; Gu et al. 2023
/// (arXiv 2310.02664).
public struct Memorization: Sendable, Codable, Equatable {
    /// A sample and the training example it copies, by index.
    public struct Copy: Sendable, Codable, Equatable {
        public var sample, example: Int
    }

    /// The share of samples that are copies.
    public var share: Double
    /// The share of real examples that are copies of other real examples by the same criterion.
    public var heldOut: Double
    /// The number of samples examined.
    public var count: Int
    /// Up to 16 copies, the closest first relative to the second-nearest example.
    public var copies: [Copy]
}

/// Finds the examples of an entire dataset that are nearest to given ones, using a random projection to select
/// candidates.
///
/// Projected to 64 dimensions, 60,000 examples take 15 MB, and a thousand samples are compared with them in a tenth of
/// a second. The nearest candidates are then compared by their full features.
public final class CopyFinder {
    private let reference: ReferenceExamples
    private let extractor: any FeatureExtractor
    private let projection: Tensor
    /// The projected features of the reference, `[count, 64]`.
    private let projected: Tensor
    private let heldOut: Double

    private static let dimensions = 64
    private static let candidates = 8
    private static let mostSamples = 1000
    // In fewer dimensions, a sample is often three times closer to one example than to all others by chance.
    static let leastDimensions = 8

    /// - Returns: `nil` if the features have too few dimensions or the reference has too few examples.
    public init?(_ reference: ReferenceExamples, by extractor: any FeatureExtractor, seed: UInt64 = 0) throws {
        guard reference.count >= CopyFinder.candidates + 2 else { return nil }
        let generator = try RandomGenerator(seed: seed)
        var parts: [Tensor] = []
        var matrix: Tensor?
        for range in ranges(of: reference.count, size: 2000) {
            let features = try CopyFinder.features(range.map { $0 }, reference, extractor)
            guard features.shape[1] >= CopyFinder.leastDimensions else { return nil }
            let projection =
                try matrix
                ?? Tensor.randomNormal([features.shape[1], CopyFinder.dimensions], from: generator).to(features.device)
            matrix = projection
            parts.append(try features.matmul(projection))
        }
        guard let matrix else { return nil }
        self.reference = reference
        self.extractor = extractor
        projection = matrix
        projected = try Tensor.concatenate(parts)
        let chosen = try Tensor.randomPermutation(reference.count, from: generator).integers()
        let some = Array(chosen.prefix(CopyFinder.mostSamples / 2))
        let found = try CopyFinder.nearest(
            to: CopyFinder.features(some, reference, extractor), own: some, reference, extractor, projection, projected)
        heldOut = Double(found.count { $0.isCopy }) / Double(max(1, found.count))
    }

    /// - Parameter samples: features `[count, dimensions]`; only the first thousand are examined.
    public func memorization(of samples: Tensor) throws -> Memorization {
        let some = try samples.slice(0..<min(samples.shape[0], CopyFinder.mostSamples))
        let found = try CopyFinder.nearest(to: some, own: nil, reference, extractor, projection, projected)
        let copies = found.indices.filter { found[$0].isCopy }
        return Memorization(
            share: Double(copies.count) / Double(max(1, found.count)), heldOut: heldOut, count: found.count,
            copies: copies.sorted { found[$0].ratio < found[$1].ratio }.prefix(16).map {
                Memorization.Copy(sample: $0, example: found[$0].example)
            })
    }

    private struct Nearest {
        let example: Int
        /// The squared distance to the nearest example divided by that to the second nearest.
        let ratio: Float
        var isCopy: Bool { ratio < 1 / 9 }
    }

    private static func features(
        _ indices: [Int], _ reference: ReferenceExamples, _ extractor: any FeatureExtractor
    ) throws -> Tensor {
        try withoutGradients { try extractor.features(of: reference.examples(Tensor(indices.map(Int64.init)))) }
    }

    /// Finds the nearest example of each row of features. For real examples, whose indices are given as `own`, the
    /// example itself and its duplicates are excluded.
    private static func nearest(
        to samples: Tensor, own: [Int]?, _ reference: ReferenceExamples, _ extractor: any FeatureExtractor,
        _ projection: Tensor, _ projected: Tensor
    ) throws -> [Nearest] {
        var result: [Nearest] = []
        for range in ranges(of: samples.shape[0], size: 128) {
            let part = try samples.slice(range)
            let candidates = try Neighbors.squaredDistances(part.matmul(projection), projected)
                .smallest(CopyFinder.candidates + 1).indices
            let places = try candidates.contiguous().integers()
            let others = try features(places, reference, extractor).reshaped([range.count, -1, part.shape[1]])
            let exact: [Float] = try (others - part.unsqueezed(1)).squared().sum([2]).to(.cpu).values()
            let width = CopyFinder.candidates + 1
            // The candidates of each row by their index among all candidates, nearest first.
            let sorted = (0..<range.count).map { row in
                (row * width..<(row + 1) * width)
                    .filter { place in own == nil || (own?[range.lowerBound + row] != places[place] && exact[place] > 0)
                    }
                    .sorted { exact[$0] < exact[$1] }
            }
            let flat = try others.reshaped([range.count * width, part.shape[1]])
            let first = try flat.gathering(Tensor(sorted.map { Int64($0.first ?? 0) }).to(flat.device))
            let apart: [Float] = try (others - first.unsqueezed(1)).squared().sum([2]).to(.cpu).values()
            for candidates in sorted where !candidates.isEmpty {
                // Skip duplicates of the nearest example, which say nothing about the density of the examples.
                let second = candidates.dropFirst().first { apart[$0] > 0 }
                let ratio = second.map { exact[$0] > 0 ? exact[candidates[0]] / exact[$0] : 1 } ?? 1
                result.append(Nearest(example: places[candidates[0]], ratio: ratio))
            }
        }
        return result
    }
}
