public import Torch

/// Precision, recall, density and coverage of samples, based on balls around examples with the distance to their k-th
/// nearest neighbor as radius.
///
/// Precision and density detect poor quality: samples far from any real example. Recall and coverage detect lost modes:
/// real examples with no sample nearby. Recall is sensitive to a single outlier among the samples, and precision to one
/// in the data; density and coverage are less so. Density may exceed 1. None of them detects memorized training images.
///
/// Source: Kynkäänniemi et al. 2019 (arXiv 1904.06991); Naeem et al. 2020 (arXiv 2002.09797).
public struct NeighborScores: Sendable, Codable, Equatable {
    public var precision, recall, density, coverage: Double
    public var neighbors: Int

    /// - Parameters:
    ///   - reference: features of real examples, float32 `[n, dimensions]`.
    ///   - samples: features of samples, float32 `[m, dimensions]`.
    ///   - neighbors: k; each side needs more than k examples.
    public init(reference: Tensor, samples: Tensor, neighbors: Int = 5) throws {
        guard reference.shape[0] > neighbors, samples.shape[0] > neighbors else {
            throw TorchError(
                .invalidOperation,
                "Precision and recall need more than \(neighbors) examples on each side, but there are "
                    + "\(reference.shape[0]) and \(samples.shape[0]).")
        }
        self.neighbors = neighbors
        let realRadii = try Neighbors.radii(reference, neighbors)
        let fakeRadii = try Neighbors.radii(samples, neighbors)
        var inRealBalls = 0.0
        var insideSamples = 0.0
        var coveredReals = 0.0
        var recalled = 0.0
        // A row for each real example, a column for each sample.
        var ballsOfSample = try Tensor.zeros([samples.shape[0]], device: samples.device)
        for range in ranges(of: reference.shape[0], size: 1000) {
            let distances = try Neighbors.squaredDistances(reference.slice(range), samples)
            let inBall = try (distances .<= realRadii.slice(range).unsqueezed(1)).to(.float32)
            ballsOfSample = try ballsOfSample + inBall.sum([0])
            coveredReals += try inBall.maximum(over: [1]).sum().item()
            recalled += try (distances .<= fakeRadii.unsqueezed(0)).to(.float32).maximum(over: [1]).sum().item()
        }
        inRealBalls = try ballsOfSample.sum().item()
        insideSamples = try (ballsOfSample .> 0).to(.float32).sum().item()
        let (n, m) = (Double(reference.shape[0]), Double(samples.shape[0]))
        precision = insideSamples / m
        recall = recalled / n
        density = inRealBalls / (Double(neighbors) * m)
        coverage = coveredReals / n
    }
}

/// Distances between examples and their nearest neighbors.
public enum Neighbors {
    /// Squared Euclidean distances `[n, m]` between the rows of two tensors.
    static func squaredDistances(_ a: Tensor, _ b: Tensor) throws(TorchError) -> Tensor {
        // In few dimensions, nearby points differ by less than float32 rounding of their squared norms.
        if a.shape[1] <= 16, a.dtype == .float32 {
            return try squaredDistances(a.to(.float64), b.to(.float64)).to(.float32)
        }
        let products = try b.squared().sum([1]).addingMatmul(a, b.transposed(), scale: -2)
        return try (products + a.squared().sum([1]).unsqueezed(1)).clamped(0, .infinity)
    }

    /// The squared distance of each row to its k-th nearest other row, `[n]`.
    static func radii(_ points: Tensor, _ neighbors: Int) throws(TorchError) -> Tensor {
        var parts: [Tensor] = []
        for range in ranges(of: points.shape[0], size: 1000) {
            // The nearest row is the point itself.
            let nearest = try squaredDistances(points.slice(range), points).smallest(neighbors + 1).values
            parts.append(try nearest.selecting(neighbors, dimension: 1))
        }
        return try Tensor.concatenate(parts)
    }

    /// The squared distance of each row of `a` to the nearest row of `b`, and that row's index.
    public static func nearest(_ a: Tensor, _ b: Tensor) throws(TorchError) -> (distances: Tensor, indices: Tensor) {
        var distances: [Tensor] = []
        var indices: [Tensor] = []
        for range in ranges(of: a.shape[0], size: 1000) {
            let (least, places) = try squaredDistances(a.slice(range), b).minimum(along: 1)
            distances.append(least)
            indices.append(places)
        }
        return (try Tensor.concatenate(distances), try Tensor.concatenate(indices))
    }
}
