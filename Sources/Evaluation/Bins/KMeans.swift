public import Torch

/// Cluster centres by K-means with Euclidean distances: Lloyd's iterations from a k-means++ start.
///
/// The first iterations see 75 random points a cluster; each time they have settled, twice as many are seen, and in the end
/// all. So most of the way is made on a part of the points, in a fraction of the time, to the same sum of distances.
///
/// Source: Lloyd 1982; Arthur and Vassilvitskii 2007 ("k-means++").
public struct KMeans {
    /// `[clusters, dimensions]`
    public let centres: Tensor

    public init(centres: Tensor) { self.centres = centres }

    /// - Parameters:
    ///   - points: float32 `[count, dimensions]`, at least as many as clusters.
    ///   - iterations: the most with each number of points.
    ///   - tolerance: they have settled when an iteration lowers the sum of squared distances by less than this share.
    public init(
        fitting points: Tensor, clusters: Int, iterations: Int = 100, tolerance: Double = 2e-4,
        from generator: RandomGenerator
    ) throws(TorchError) {
        let count = points.shape[0]
        precondition(clusters > 0 && clusters <= count)
        let order = try Tensor.randomPermutation(count, from: generator).to(points.device)
        var size = min(count, 75 * clusters)
        var seen = try points.gathering(order.slice(0..<size))
        var means = KMeans(centres: try KMeans.start(seen, clusters, generator))
        while size < count {
            means = try means.improved(seen, iterations, tolerance)
            size = min(count, 2 * size)
            seen = size == count ? points : try points.gathering(order.slice(0..<size))
        }
        self = try means.improved(points, iterations, tolerance)
    }

    /// The nearest centre of each point, int64 `[count]`.
    public func assign(_ points: Tensor) throws(TorchError) -> Tensor { try nearest(points).centre }

    /// k-means++: each next centre is a point drawn with a probability in proportion to its squared distance from the
    /// centres so far.
    private static func start(_ points: Tensor, _ clusters: Int, _ generator: RandomGenerator) throws(TorchError)
        -> Tensor
    {
        let squares = try points.squared().sum([1])
        var chosen = [Int(try Tensor.randomIntegers(0..<points.shape[0], [1], from: generator).item())]
        var distances: Tensor?
        // One uniform number per centre, and the point at that place of the running sum.
        let draws: [Double] = try Tensor.randomUniform([clusters], from: generator).to(.float64).values()
        for draw in draws.dropFirst() {
            let centre = try points.selecting(chosen[chosen.count - 1])
            let products = try points.matmul(centre.unsqueezed(1)).squeezed(1)
            let fresh = try (squares + centre.squared().sum() - 2 * products).clamped(0, .infinity)
            let nearest = try distances?.minimum(fresh) ?? fresh
            distances = nearest
            let sums = try nearest.to(.float64).cumulativeSum()
            let total = try sums.selecting(sums.count - 1).item()
            let place = Int(try (sums .< draw * total).to(.int64).sum().item())
            chosen.append(min(place, points.shape[0] - 1))
        }
        return try points.gathering(Tensor(chosen.map(Int64.init)).to(points.device))
    }

    /// Lloyd's iterations.
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

    /// Each centre in the mean of its points; one without points stays where it is.
    private func moved(to points: Tensor, _ nearest: Tensor) throws(TorchError) -> KMeans {
        let counts = try nearest.counts(bins: centres.shape[0]).unsqueezed(1)
        return KMeans(centres: try (counts .> 0).select(widened(to: points, by: nearest).centres, else: centres))
    }

    /// The means of other points, such as the same ones with more dimensions, of which each belongs to the given cluster.
    func widened(to points: Tensor, by cluster: Tensor) throws(TorchError) -> KMeans {
        let clusters = centres.shape[0]
        let sums = try Tensor.zeros([clusters, points.shape[1]], device: points.device)
        try sums.addRowsInPlace(cluster, points)
        let counts = try cluster.counts(bins: clusters).to(.float32).clamped(1, .infinity)
        return KMeans(centres: try sums / counts.unsqueezed(1))
    }

    /// The nearest centre of each point, and the squared distance to it less the point's own squared length, which does not
    /// decide anything.
    private func nearest(_ points: Tensor) throws(TorchError) -> (centre: Tensor, distance: Tensor) {
        let squares = try centres.squared().sum([1])
        let transposed = try centres.transposed()
        var parts: [(Tensor, Tensor)] = []
        for range in ranges(of: points.shape[0], size: 1 << 15) {
            let (distances, indices) = try squares.addingMatmul(points.slice(range), transposed, scale: -2).minimum(
                along: 1)
            parts.append((indices, distances))
        }
        return (try Tensor.concatenate(parts.map(\.0)), try Tensor.concatenate(parts.map(\.1)))
    }
}

/// The parts of a count, so that what is computed of a part fits in memory.
func ranges(of count: Int, size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
}
