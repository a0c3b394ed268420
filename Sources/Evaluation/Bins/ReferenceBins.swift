public import Torch

/// Reference data partitioned into bins by K-means, against which sets of samples are scored.
///
/// ```swift
/// let bins = try ReferenceBins(PixelFeatures().features(trainingImages))
/// let score = try bins.score(PixelFeatures().features(samples))
/// ```
public struct ReferenceBins {
    /// How the bins are computed.
    public struct Options: Sendable, Hashable {
        /// The number of bins.
        public var count: Int
        /// Whether each dimension is first normalized to mean 0 and standard deviation 1.
        public var isWhitened: Bool
        public var seed: UInt64

        public init(count: Int = 100, isWhitened: Bool = false, seed: UInt64 = 0) {
            self.count = count
            self.isWhitened = isWhitened
            self.seed = seed
        }
    }

    public let options: Options
    /// The bins' centers, in descending order of bin size; in whitened space if `isWhitened`.
    public let means: KMeans
    /// The bin of each reference example, int64 `[count]`.
    public let assignments: [Int]
    let whitening: Whitening?
    /// The bin of each cluster, if bins were merged.
    private var binOfCluster: [Int]?

    /// With more dimensions than this, K-means uses a random sixth of them, as the reference implementation does. The
    /// resulting centers have all dimensions.
    static let mostDimensions = 1000

    /// - Parameter reference: float32 `[count, dimensions]`; about 500 examples per bin are enough.
    /// - Throws: `TorchError` if there are fewer examples than bins.
    public init(_ reference: Tensor, _ options: Options = Options()) throws(TorchError) {
        guard reference.rank == 2, reference.shape[0] >= options.count, options.count > 0 else {
            throw TorchError(
                .invalidOperation,
                "\(options.count) bins need as many reference examples, but there are \(reference.shape.first ?? 0); "
                    + "take fewer bins or a larger reference.")
        }
        let generator = try RandomGenerator(seed: options.seed)
        self.options = options
        let whitening = options.isWhitened ? try Whitening(reference) : nil
        self.whitening = whitening
        let points = try whitening?(reference) ?? reference
        var means: KMeans
        let width = reference.shape[1]
        if width > ReferenceBins.mostDimensions {
            let chosen = try Tensor.randomPermutation(width, from: generator).slice(0..<width / 6)
            let fewer = try points.gathering(chosen.to(points.device), dimension: 1)
            let rough = try KMeans(fitting: fewer, clusters: options.count, from: generator)
            means = try rough.widened(to: points, by: rough.assign(fewer))
        } else {
            means = try KMeans(fitting: points, clusters: options.count, from: generator)
        }
        let order = try means.assign(points).counts(bins: options.count).sorted(0, descending: true).indices
        means = KMeans(centers: try means.centers.gathering(order))
        self.means = means
        assignments = try means.assign(points).integers()
    }

    /// Computes the bins of an entire reference. If its features would take more than a gigabyte, K-means runs on a
    /// random subset that fits, and all examples are assigned afterward.
    ///
    /// - Parameter most: the maximum number of feature values to hold in memory.
    public init(
        _ reference: ReferenceExamples, by extractor: any FeatureExtractor, _ options: Options = Options(),
        holding most: Int = 1 << 28
    ) throws {
        guard reference.count > 0 else {
            throw TorchError(.invalidOperation, "The reference has no examples, so it cannot be divided into bins.")
        }
        let width = try extractor(reference.examples(Tensor([0] as [Int64]))).shape[1]
        let count = max(options.count, most / max(1, width))
        guard reference.count > count else {
            try self.init(Evaluator.features(of: reference, by: extractor), options)
            return
        }
        let generator = try RandomGenerator(seed: options.seed &+ 1)
        let chosen = try Tensor.randomPermutation(reference.count, from: generator).slice(0..<count)
        let part = ReferenceExamples(count: count) { try reference.examples(chosen.gathering($0)) }
        let bins = try ReferenceBins(Evaluator.features(of: part, by: extractor), options)
        let assignments = try withoutGradients {
            try ranges(of: reference.count, size: 2000).flatMap { range in
                try bins.assign(extractor(reference.examples(Tensor(range.map(Int64.init)))).to(.float32))
            }
        }
        self.init(options: options, means: bins.means, assignments: assignments, whitening: bins.whitening)
    }

    /// Creates bins around given centers `[bins, dimensions]`.
    public init(centers: Tensor, reference: Tensor) throws(TorchError) {
        let means = KMeans(centers: centers)
        self.init(
            options: Options(count: centers.shape[0]), means: means,
            assignments: try means.assign(reference).integers(),
            whitening: nil)
    }

    init(options: Options, means: KMeans, assignments: [Int], whitening: Whitening?) {
        self.options = options
        self.means = means
        self.assignments = assignments
        self.whitening = whitening
    }

    /// The bin of each example, `[count]`.
    public func assign(_ examples: Tensor) throws(TorchError) -> [Int] {
        let clusters = try means.assign(whitening?(examples) ?? examples).integers()
        return binOfCluster.map { bins in clusters.map { bins[$0] } } ?? clusters
    }

    /// Merges bins whose centers are closer than a distance, also transitively, so that parts of one mode count as one
    /// bin.
    public func merged(nearerThan distance: Double) throws(TorchError) -> ReferenceBins {
        let near: [Float] = try means.centers.pairwiseDistances(to: means.centers).to(.cpu).values()
        let clusters = options.count
        var bins = [Int](repeating: -1, count: clusters)
        var count = 0
        for start in 0..<clusters where bins[start] < 0 {
            var pending = [start]
            bins[start] = count
            while let cluster = pending.popLast() {
                for other in 0..<clusters where bins[other] < 0 && Double(near[cluster * clusters + other]) < distance {
                    bins[other] = count
                    pending.append(other)
                }
            }
            count += 1
        }
        guard count < clusters else { return self }
        var options = options
        options.count = count
        let (all, mapping) = (assignments.map { bins[$0] }, binOfCluster?.map { bins[$0] } ?? bins)
        var merged = ReferenceBins(options: options, means: means, assignments: all, whitening: whitening)
        merged.binOfCluster = mapping
        return merged
    }

    /// Whether the bins are well separated: there are at least two, none is tiny, and each is farther from the others
    /// than three times its own radius.
    ///
    /// - Parameter examples: real examples, float32 `[n, dimensions]`.
    func areApart(_ examples: Tensor) throws(TorchError) -> Bool {
        let points = try whitening?(examples) ?? examples
        let nearest = try means.assign(points).integers()
        let bin = binOfCluster ?? Array(0..<means.centers.shape[0])
        guard let last = bin.max(), last > 0 else { return false }
        let gaps: [Float] = try means.centers.pairwiseDistances(to: means.centers).to(.cpu).values()
        for island in 0...last {
            let members = nearest.indices.filter { bin[nearest[$0]] == island }.map { Int64($0) }
            // Require a quarter of an equal share: a few outliers are not a mode.
            guard members.count > 1, 4 * (last + 1) * members.count >= nearest.count else { return false }
            let own = try points.gathering(Tensor(members).to(points.device))
            let radius = try (own - own.mean([0])).squared().sum([1]).mean().item().squareRoot()
            for cluster in bin.indices where bin[cluster] == island {
                for other in bin.indices where bin[other] != island {
                    if Double(gaps[cluster * bin.count + other]) < 3 * radius { return false }
                }
            }
        }
        return true
    }

    /// The number of reference examples in each bin.
    public var counts: [Int] { ReferenceBins.count(assignments, bins: options.count) }

    static func count(_ assignments: some Sequence<Int>, bins: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: bins)
        for bin in assignments { counts[bin] += 1 }
        return counts
    }
}

/// Normalizes each dimension to mean 0 and standard deviation 1 over the reference data:
/// (x − mean) / (deviation + 1e-6).
struct Whitening {
    let mean: Tensor
    let deviation: Tensor

    init(mean: Tensor, deviation: Tensor) {
        self.mean = mean
        self.deviation = deviation
    }

    init(_ points: Tensor) throws(TorchError) {
        mean = try points.mean([0])
        deviation = try points.variance([0], correction: 0).squareRoot()
    }

    func callAsFunction(_ points: Tensor) throws(TorchError) -> Tensor { try (points - mean) / (deviation + 1e-6) }
}

extension Tensor {
    /// The elements of an int64 tensor.
    func integers() throws(TorchError) -> [Int] {
        let values: [Int64] = try to(.cpu).values()
        return values.map(Int.init)
    }
}
