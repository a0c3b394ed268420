public import Torch

/// Real examples that samples are compared with.
public struct ReferenceExamples {
    public let count: Int
    /// The examples at the given positions: float32 images in [−1, 1], or points.
    public let examples: (Tensor) throws -> Tensor

    public init(count: Int, examples: @escaping (Tensor) throws -> Tensor) {
        self.count = count
        self.examples = examples
    }

    /// Examples that lie in one tensor.
    public init(_ tensor: Tensor) {
        self.init(count: tensor.shape[0]) { try tensor.gathering($0.to(tensor.device)) }
    }
}

/// Scores sets of samples against one reference.
public final class Evaluator {
    /// What can be measured.
    public enum Score: String, CaseIterable, Sendable {
        case bins, diversity, duplicates, memorization, similarity, neighbours, frechet, kernel, modes
    }

    /// What tells the modes of the data apart.
    public enum Modes {
        /// A classifier, and the share of each class in the reference.
        case classes(any ModeClassifier, shares: [Double]?)
        /// The true centres `[modes, 2]` of points, and the deviation around each.
        case mixture(centres: Tensor, deviation: Double)
    }

    /// The bins, diversity and near-duplicates are measured by these features.
    public let pixels: any FeatureExtractor
    /// The distances, precision and recall are measured by these.
    public let features: any FeatureExtractor
    public private(set) var bins: ReferenceBins
    public let modes: Modes?
    /// The most examples of each side that the slower scores look at.
    public let limit: Int

    private let reference: ReferenceExamples
    private lazy var copyFinder = Result { try CopyFinder(reference, by: pixels) }
    // Real examples in random order, twice as many as the limit.
    private let examples: Tensor
    private let examplePixels: Tensor
    private let exampleFeatures: Tensor
    // What held-out real examples get does not depend on the samples, only on how many are compared.
    private var heldOutNeighbours: [Int: NeighbourScores] = [:]
    private var heldOutFrechet: [Int: Double] = [:]
    private var heldOutKernel: [Int: KernelDistance] = [:]

    /// - Parameters:
    ///   - reference: what the samples should look like; at least as many examples as bins.
    ///   - bins: those of the same reference, if they were made before.
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

    /// Takes the bins that are parts of one mode as one, where the data has modes that lie clearly apart.
    ///
    /// - Returns: whether it has; every bin is then a mode.
    public func mergeBinsIntoModes() throws -> Bool {
        let distance = try Diversity.meanDistance(examplePixels)
        guard distance > 0, distance.isFinite else {
            throw TorchError(
                .invalidOperation,
                "The reference's examples are all alike, or too large to compare, so nothing can be judged by them.")
        }
        let merged = try bins.merged(nearerThan: Evaluator.partsOfAMode * distance)
        guard try merged.areApart(examplePixels) else { return false }
        bins = merged
        return true
    }

    /// Bins nearer than this share of the mean distance between examples may be parts of one mode.
    private static let partsOfAMode = 0.2

    /// The reference's examples at the given positions.
    public func examples(_ indices: Tensor) throws -> Tensor { try reference.examples(indices) }

    /// The features of a whole reference, `[count, dimensions]`.
    public static func features(of reference: ReferenceExamples, by extractor: any FeatureExtractor) throws -> Tensor {
        try withoutGradients {
            try Tensor.concatenate(
                ranges(of: reference.count, size: 2000).map { range in
                    try extractor(reference.examples(Tensor(range.map(Int64.init)))).to(.float32)
                })
        }
    }

    /// Measures samples.
    ///
    /// - Parameter samples: like the reference's examples; at least eight.
    public func evaluate(_ samples: Tensor, _ scores: Set<Score> = Set(Score.allCases)) throws -> EvaluationReport {
        guard samples.shape.dropFirst().elementsEqual(examples.shape.dropFirst()) else {
            throw TorchError(
                .invalidOperation,
                "The samples are of the shape \(samples.shape.dropFirst()), but the reference of \(examples.shape.dropFirst())."
            )
        }
        guard samples.shape[0] >= 8 else {
            throw TorchError(.invalidOperation, "At least 8 samples are needed, but there are \(samples.shape[0]).")
        }
        let isFinite = try samples.isFinite().allTrue()
        guard isFinite else {
            throw TorchError(.invalidOperation, "The samples hold values that are not finite (NaN or infinity).")
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
        case .mixture(let centres, let deviation):
            report.mixture = try MixtureScore(samples: samples, centres: centres, deviation: deviation)
        case nil: break
        }
    }

    /// The scores that compare equal numbers of samples, of real examples, and of other real examples for the baseline.
    private func measureDistances(
        _ samples: Tensor, _ scores: Set<Score>, _ samplePixels: Tensor, _ report: inout EvaluationReport
    ) throws {
        let size = min(samples.shape[0], exampleFeatures.shape[0] / 2, limit)
        guard size > 5, !scores.isDisjoint(with: [.neighbours, .frechet, .kernel]) else { return }
        let fake =
            try features.name == pixels.name
            ? samplePixels.slice(0..<size) : features.features(of: samples.slice(0..<size))
        let real = try exampleFeatures.slice(0..<size)
        let heldOut = try exampleFeatures.slice(size..<2 * size)
        if scores.contains(.neighbours) {
            report.neighbours = Compared(
                samples: try NeighbourScores(reference: real, samples: fake),
                heldOut: try heldOutNeighbours.once(size) { try NeighbourScores(reference: real, samples: heldOut) },
                size: size)
        }
        // A covariance of more dimensions than this takes gigabytes and hours, and says little from few samples.
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

/// A score of samples, and that of as many real examples that were held out.
public struct Compared<Value: Sendable & Codable & Equatable>: Sendable, Codable, Equatable {
    public var samples, heldOut: Value
    /// How many examples each side had.
    public var size: Int
}

/// What was measured of a set of samples; plain values.
public struct EvaluationReport: Sendable, Codable, Equatable {
    public var sampleCount, referenceCount: Int
    /// The features of bins, diversity and near-duplicates, and those of the distances.
    public var pixels, features: String
    public var bins: BinScore?
    public var diversity: Diversity?
    public var duplicates: NearDuplicates?
    public var memorization: Memorization?
    public var similarity: StructuralSimilarity?
    public var neighbours: Compared<NeighbourScores>?
    public var frechet: Compared<Double>?
    public var kernel: Compared<KernelDistance>?
    public var modes: ModeScore?
    /// How samples spread over the classes, as the diagnosis sees it.
    public var classes: ClassMeasurement?
    public var mixture: MixtureScore?
}

extension Dictionary {
    /// The value of a key, made if there is none yet.
    fileprivate mutating func once(_ key: Key, _ make: () throws -> Value) rethrows -> Value {
        if let value = self[key] { return value }
        let value = try make()
        self[key] = value
        return value
    }
}
