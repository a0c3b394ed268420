public import Torch

/// Cluster centers computed by K-means with Euclidean distances: Lloyd's iterations with k-means++ initialization.
///
/// The first iterations use 75 random points per cluster. Each time they converge, the number of points doubles, until
/// all are used. So most iterations run on a subset of the points, which reaches the same sum of distances in a
/// fraction of the time.
///
/// Source: Lloyd 1982; Arthur and Vassilvitskii 2007 ("k-means++").
public struct KMeans {
    /// `[clusters, dimensions]`
    public let centers: Tensor

    public init(centers: Tensor) { self.centers = centers }

    /// - Parameters:
    ///   - points: float32 `[count, dimensions]`, at least as many as there are clusters.
    ///   - iterations: the maximum number of iterations for each number of points.
    ///   - tolerance: iterations have converged when one reduces the sum of squared distances by less than this share.
    public init(
        fitting points: Tensor, clusters: Int, iterations: Int = 100, tolerance: Double = 2e-4,
        from generator: RandomGenerator
    ) throws(TorchError) {
        let count = points.shape[0]
        precondition(clusters > 0 && clusters <= count)
        let order = try Tensor.randomPermutation(count, from: generator).to(points.device)
        var size = min(count, 75 * clusters)
        var seen = try points.gathering(order.slice(0..<size))
        var means = KMeans(centers: try KMeans.start(seen, clusters, generator))
        while size < count {
            means = try means.improved(seen, iterations, tolerance)
            size = min(count, 2 * size)
            seen = size == count ? points : try points.gathering(order.slice(0..<size))
        }
        self = try means.improved(points, iterations, tolerance)
    }

    /// The index of the nearest center of each point, int64 `[count]`.
    public func assign(_ points: Tensor) throws(TorchError) -> Tensor { try nearest(points).center }

    /// k-means++: draws each center from the points with a probability proportional to the squared distance from the
    /// nearest center so far.
    private static func start(_ points: Tensor, _ clusters: Int, _ generator: RandomGenerator) throws(TorchError)
        -> Tensor
    {
        let squares = try points.squared().sum([1])
        var chosen = [Int(try Tensor.randomIntegers(0..<points.shape[0], [1], from: generator).item())]
        var distances: Tensor?
        // Draw one uniform number per center and pick the point at that position of the cumulative sum.
        let draws: [Double] = try Tensor.randomUniform([clusters], from: generator).to(.float64).values()
        for draw in draws.dropFirst() {
            let center = try points.selecting(chosen[chosen.count - 1])
            let products = try points.matmul(center.unsqueezed(1)).squeezed(1)
            let fresh = try (squares + center.squared().sum() - 2 * products).clamped(0, .infinity)
            let nearest = try distances?.minimum(fresh) ?? fresh
            distances = nearest
            let sums = try nearest.to(.float64).cumulativeSum()
            let total = try sums.selecting(sums.count - 1).item()
            let place = Int(try (sums .< draw * total).to(.int64).sum().item())
            chosen.append(min(place, points.shape[0] - 1))
        }
        return try points.gathering(Tensor(chosen.map(Int64.init)).to(points.device))
    }

    /// Runs Lloyd's iterations.
    private func improved(_ points: Tensor, _ iterations: Int, _ tolerance: Double) throws(TorchError) -> KMeans {
        var means = self
        let squares = try points.squared().sum().item()
        var last = Double.infinity
        for _ in 0..<iterations {
            let (nearest, distances) = try means.nearest(points)
            means = try means.moved(to: points, nearest)
            let inertia = squares + (try distances.to(.float64).sum().item())
            if last - inertia <= tolerance * abs(inertia) { break }
            last = inertia
        }
        return means
    }

    /// Moves each center to the mean of its points; a center without points keeps its position.
    private func moved(to points: Tensor, _ nearest: Tensor) throws(TorchError) -> KMeans {
        let counts = try nearest.counts(bins: centers.shape[0]).unsqueezed(1)
        return KMeans(centers: try (counts .> 0).select(widened(to: points, by: nearest).centers, else: centers))
    }

    /// The cluster means of other points, such as the same points with more dimensions, given the cluster of each
    /// point.
    func widened(to points: Tensor, by cluster: Tensor) throws(TorchError) -> KMeans {
        let clusters = centers.shape[0]
        let sums = try Tensor.zeros([clusters, points.shape[1]], device: points.device)
        try sums.addRowsInPlace(cluster, points)
        let counts = try cluster.counts(bins: clusters).to(.float32).clamped(1, .infinity)
        return KMeans(centers: try sums / counts.unsqueezed(1))
    }

    /// The nearest center of each point, and the squared distance to it minus the point's own squared norm, which does
    /// not affect the choice.
    private func nearest(_ points: Tensor) throws(TorchError) -> (center: Tensor, distance: Tensor) {
        let squares = try centers.squared().sum([1])
        let transposed = try centers.transposed()
        var parts: [(Tensor, Tensor)] = []
        for range in ranges(of: points.shape[0], size: 1 << 15) {
            let (distances, indices) = try squares.addingMatmul(points.slice(range), transposed, scale: -2).minimum(
                along: 1)
            parts.append((indices, distances))
        }
        return (try Tensor.concatenate(parts.map(\.0)), try Tensor.concatenate(parts.map(\.1)))
    }
}

/// Splits a count into ranges, so that each part can be processed within memory limits.
func ranges(of count: Int, size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
