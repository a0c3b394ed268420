public import Torch

/// Real examples with which samples are compared.
public struct ReferenceExamples {
    public let count: Int
    /// Returns the examples at the given indices: float32 images in [−1, 1], or points.
    public let examples: (Tensor) throws -> Tensor

    public init(count: Int, examples: @escaping (Tensor) throws -> Tensor) {
        self.count = count
        self.examples = examples
    }

    /// Creates a reference from examples in one tensor.
    public init(_ tensor: Tensor) {
        self.init(count: tensor.shape[0]) { try tensor.gathering($0.to(tensor.device)) }
    }
}

/// Scores sets of samples against one reference.
public final class Evaluator {
    /// The available scores.
    public enum Score: String, CaseIterable, Sendable {
        case bins, diversity, duplicates, memorization, similarity, neighbors, frechet, kernel, modes
    }

    /// How the modes of the data are distinguished.
    public enum Modes {
        /// A classifier, and the share of each class in the reference.
        case classes(any ModeClassifier, shares: [Double]?)
        /// The true centers `[modes, 2]` of points, and the standard deviation around each.
        case mixture(centers: Tensor, deviation: Double)
    }

    /// The features for bins, diversity and near-duplicates.
    public let pixels: any FeatureExtractor
    /// The features for the distances, precision and recall.
    public let features: any FeatureExtractor
    public private(set) var bins: ReferenceBins
    public let modes: Modes?
    /// The maximum number of examples on each side for the slower scores.
    public let limit: Int

    private let reference: ReferenceExamples
    private lazy var copyFinder = Result { try CopyFinder(reference, by: pixels) }
    // Real examples in random order, up to twice the limit.
    private let examples: Tensor
    private let examplePixels: Tensor
    private let exampleFeatures: Tensor
    // Scores of held-out real examples depend only on how many are compared, not on the samples.
    private var heldOutNeighbors: [Int: NeighborScores] = [:]
    private var heldOutFrechet: [Int: Double] = [:]
    private var heldOutKernel: [Int: KernelDistance] = [:]

    /// - Parameters:
    ///   - reference: the real examples, at least as many as there are bins.
    ///   - bins: existing bins of the same reference; `nil` computes them.
    public init(
        reference: ReferenceExamples, pixels: any FeatureExtractor = PixelFeatures(),
        features: (any FeatureExtractor)? = nil, bins: ReferenceBins? = nil,
        binOptions: ReferenceBins.Options = ReferenceBins.Options(), modes: Modes? = nil, limit: Int = 5000
    ) throws {
        self.reference = reference
        self.pixels = pixels
        self.features = features ?? pixels
        self.modes = modes
        self.limit = limit
        self.bins = try bins ?? ReferenceBins(reference, by: pixels, binOptions)
        let generator = try RandomGenerator(seed: binOptions.seed)
        let chosen = try Tensor.randomPermutation(reference.count, from: generator)
            .slice(0..<min(reference.count, 2 * limit))
        examples = try reference.examples(chosen)
        examplePixels = try pixels.features(of: examples)
        exampleFeatures = features == nil ? examplePixels : try self.features.features(of: examples)
    }

    /// Merges bins that are parts of the same mode, if the data has clearly separated modes.
    ///
    /// - Returns: whether it has; every bin is then one mode.
    public func mergeBinsIntoModes() throws -> Bool {
        let distance = try Diversity.meanDistance(examplePixels)
        guard distance > 0, distance.isFinite else {
            throw TorchError(
                .invalidOperation,
                "The reference examples are all identical, or their values are too large, so samples cannot be evaluated."
            )
        }
        let merged = try bins.merged(nearerThan: Evaluator.partsOfAMode * distance)
        guard try merged.areApart(examplePixels) else { return false }
        bins = merged
        return true
    }

    /// Bins closer than this share of the mean distance between examples may be parts of one mode.
    private static let partsOfAMode = 0.2

    /// The reference examples at the given indices.
    public func examples(_ indices: Tensor) throws -> Tensor { try reference.examples(indices) }

    /// The features of an entire reference, `[count, dimensions]`.
    public static func features(of reference: ReferenceExamples, by extractor: any FeatureExtractor) throws -> Tensor {
        try withoutGradients {
            try Tensor.concatenate(
                ranges(of: reference.count, size: 2000).map { range in
                    try extractor(reference.examples(Tensor(range.map(Int64.init)))).to(.float32)
                })
        }
    }

    /// Scores samples.
    ///
    /// - Parameter samples: at least eight samples, of the same shape as the reference examples.
    /// - Throws: `TorchError` if the shape differs, there are too few samples, or a value is not finite.
    public func evaluate(_ samples: Tensor, _ scores: Set<Score> = Set(Score.allCases)) throws -> EvaluationReport {
        guard samples.shape.dropFirst().elementsEqual(examples.shape.dropFirst()) else {
            throw TorchError(
                .invalidOperation,
                "The samples have shape \(samples.shape.dropFirst()), but the reference examples have \(examples.shape.dropFirst())."
            )
        }
        guard samples.shape[0] >= 8 else {
            throw TorchError(.invalidOperation, "At least 8 samples are needed, but there are \(samples.shape[0]).")
        }
        let isFinite = try samples.isFinite().allTrue()
        guard isFinite else {
            throw TorchError(.invalidOperation, "The samples contain values that are not finite (NaN or infinity).")
        }
        var report = EvaluationReport(
            sampleCount: samples.shape[0], referenceCount: bins.assignments.count, pixels: pixels.name,
            features: features.name)
        let samplePixels = try pixels.features(of: samples)
        if scores.contains(.bins) { report.bins = try bins.score(samplePixels) }
        if scores.contains(.diversity) {
            report.diversity = try Diversity(reference: examplePixels, samples: samplePixels)
        }
        if scores.contains(.duplicates) {
            report.duplicates = try NearDuplicates(reference: examplePixels, samples: samplePixels, limit: limit)
        }
        if scores.contains(.memorization) {
            report.memorization = try copyFinder.get()?.memorization(of: samplePixels)
        }
        if scores.contains(.similarity), samples.rank == 4 {
            report.similarity = try StructuralSimilarity(reference: examples, samples: samples)
        }
        if scores.contains(.modes) { try measureModes(samples, &report) }
        try measureDistances(samples, scores, samplePixels, &report)
        return report
    }

    private func measureModes(_ samples: Tensor, _ report: inout EvaluationReport) throws {
        switch modes {
        case .classes(let classifier, let shares):
            report.modes = try ModeScore(probabilities: classifier.probabilities(samples), reference: shares)
        case .mixture(let centers, let deviation):
            report.mixture = try MixtureScore(samples: samples, centers: centers, deviation: deviation)
        case nil: break
        }
    }

    /// Computes the scores that compare equal numbers of samples, real examples and, as a baseline, other real
    /// examples.
    private func measureDistances(
        _ samples: Tensor, _ scores: Set<Score>, _ samplePixels: Tensor, _ report: inout EvaluationReport
    ) throws {
        let size = min(samples.shape[0], exampleFeatures.shape[0] / 2, limit)
        guard size > 5, !scores.isDisjoint(with: [.neighbors, .frechet, .kernel]) else { return }
        let fake =
            try features.name == pixels.name
            ? samplePixels.slice(0..<size) : features.features(of: samples.slice(0..<size))
        let real = try exampleFeatures.slice(0..<size)
        let heldOut = try exampleFeatures.slice(size..<2 * size)
        if scores.contains(.neighbors) {
            report.neighbors = Compared(
                samples: try NeighborScores(reference: real, samples: fake),
                heldOut: try heldOutNeighbors.once(size) { try NeighborScores(reference: real, samples: heldOut) },
                size: size)
        }
        // A covariance with more dimensions takes gigabytes and hours, and means little with few samples.
        if scores.contains(.frechet), fake.shape[1] <= 4096 {
            report.frechet = Compared(
                samples: try FrechetDistance.between(real, fake),
                heldOut: try heldOutFrechet.once(size) { try FrechetDistance.between(real, heldOut) }, size: size)
        }
        if scores.contains(.kernel) {
            report.kernel = Compared(
                samples: try KernelDistance(reference: real, samples: fake),
                heldOut: try heldOutKernel.once(size) { try KernelDistance(reference: real, samples: heldOut) },
                size: size)
        }
    }
}

/// A score of samples, and the same score of as many held-out real examples.
public struct Compared<Value: Sendable & Codable & Equatable>: Sendable, Codable, Equatable {
    public var samples, heldOut: Value
    /// The number of examples on each side.
    public var size: Int
}

/// The measurements of a set of samples, as plain values.
public struct EvaluationReport: Sendable, Codable, Equatable {
    public var sampleCount, referenceCount: Int
    /// The names of the features for bins, diversity and near-duplicates, and of those for the distances.
    public var pixels, features: String
    public var bins: BinScore?
    public var diversity: Diversity?
    public var duplicates: NearDuplicates?
    public var memorization: Memorization?
    public var similarity: StructuralSimilarity?
    public var neighbors: Compared<NeighborScores>?
    public var frechet: Compared<Double>?
    public var kernel: Compared<KernelDistance>?
    public var modes: ModeScore?
    /// The distribution of samples over classes, as used by the diagnosis.
    public var classes: ClassMeasurement?
    public var mixture: MixtureScore?
}

extension Dictionary {
    /// The value of a key, which is created if it does not exist.
    fileprivate mutating func once(_ key: Key, _ make: () throws -> Value) rethrows -> Value {
        if let value = self[key] { return value }
        let value = try make()
        self[key] = value
        return value
    }
}
