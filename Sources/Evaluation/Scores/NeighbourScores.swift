public import Torch

/// Precision, recall, density and coverage of samples, from balls around examples that reach to their k-th neighbour.
///
/// Precision and density see bad quality: samples that lie where no real example does. Recall and coverage see lost modes:
/// real examples near which no sample lies. Recall takes one far-out sample for much, and precision one outlier of the data;
/// density and coverage mind both less. Density may exceed 1. None of them sees memorised training images.
///
/// Source: Kynkäänniemi et al. 2019 (arXiv 1904.06991); Naeem et al. 2020 (arXiv 2002.09797).
public struct NeighbourScores: Sendable, Codable, Equatable {
    public var precision, recall, density, coverage: Double
    public var neighbours: Int

    /// - Parameters:
    ///   - reference: features of real examples, float32 `[n, dimensions]`.
    ///   - samples: features of samples, float32 `[m, dimensions]`.
    ///   - neighbours: k; more than k examples are needed on each side.
    public init(reference: Tensor, samples: Tensor, neighbours: Int = 5) throws {
        guard reference.shape[0] > neighbours, samples.shape[0] > neighbours else {
            throw TorchError(
                .invalidOperation,
                "Precision and recall need more than \(neighbours) examples on each side, but there are "
                    + "\(reference.shape[0]) and \(samples.shape[0]).")
        }
        self.neighbours = neighbours
        let realRadii = try Neighbours.radii(reference, neighbours)
        let fakeRadii = try Neighbours.radii(samples, neighbours)
        var inRealBalls = 0.0
        var insideSamples = 0.0
        var coveredReals = 0.0
        var recalled = 0.0
        // A row for each real example, a column for each sample.
        var ballsOfSample = try Tensor.zeros([samples.shape[0]], device: samples.device)
        for range in ranges(of: reference.shape[0], size: 1000) {
            let distances = try Neighbours.squaredDistances(reference.slice(range), samples)
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
        density = inRealBalls / (Double(neighbours) * m)
        coverage = coveredReals / n
    }
}

/// Distances between examples and their nearest others.
public enum Neighbours {
    /// Squared Euclidean distances `[n, m]` between the rows of two tensors.
    static func squaredDistances(_ a: Tensor, _ b: Tensor) throws(TorchError) -> Tensor {
        // In few dimensions near points differ by less than a float's rounding of their squares.
        if a.shape[1] <= 16, a.dtype == .float32 {
            return try squaredDistances(a.to(.float64), b.to(.float64)).to(.float32)
        }
        let products = try b.squared().sum([1]).addingMatmul(a, b.transposed(), scale: -2)
        return try (products + a.squared().sum([1]).unsqueezed(1)).clamped(0, .infinity)
    }

    /// The squared distance of each row to its k-th nearest other row, `[n]`.
    static func radii(_ points: Tensor, _ neighbours: Int) throws(TorchError) -> Tensor {
        var parts: [Tensor] = []
        for range in ranges(of: points.shape[0], size: 1000) {
            // The nearest of all is the point itself.
            let nearest = try squaredDistances(points.slice(range), points).smallest(neighbours + 1).values
            parts.append(try nearest.selecting(neighbours, dimension: 1))
        }
        return try Tensor.concatenate(parts)
    }

    /// The squared distance of each row of `a` to the nearest row of `b`, and which it is.
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
