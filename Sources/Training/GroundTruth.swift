public import Datasets
import Evaluation
public import Runs
public import Torch

/// What is true of samples, by means that the rules of the diagnosis do not use: the classifier's features and confidence for
/// labelled images, the true modes for mixtures. It is the label that diagnoses are measured against.
///
/// | | mode collapse | convergence failure |
/// | --- | --- | --- |
/// | images | fewer than 7 in 10 classes populated, or classes less than half as diverse as the data's | precision in the classifier's features under 0.2 |
/// | mixtures | fewer than 9 in 10 modes populated | fewer than 3 in 10 samples within four deviations of a mode |
///
/// A class or mode is populated if it gets at least a tenth of its share. The diversity of a class is the mean distance of
/// pairs within it, in the classifier's features, in proportion to that of real images of the class.
public struct GroundTruth: Sendable, Codable, Equatable {
    /// The share of classes or modes that are populated.
    public var populated: Double
    /// The mean diversity within populated classes, in proportion to the data's; 1 for mixtures.
    public var withinDiversity: Double
    /// Precision in the classifier's features, or the share of samples near a mode.
    public var quality: Double
    private var isMixture: Bool

    init(populated: Double, withinDiversity: Double, quality: Double, isMixture: Bool) {
        self.populated = populated
        self.withinDiversity = withinDiversity
        self.quality = quality
        self.isMixture = isMixture
    }

    /// The failures that these numbers mean; empty for sound samples.
    public var failures: Set<Finding.Failure> {
        var failures: Set<Finding.Failure> = []
        if populated < (isMixture ? 0.9 : 0.7) || withinDiversity < 0.5 { failures.insert(.modeCollapse) }
        if quality < (isMixture ? 0.3 : 0.2) { failures.insert(.convergenceFailure) }
        return failures
    }
}

/// Measures the truth about samples of one data set.
public final class GroundTruthMeter {
    private enum Judge {
        case mixture(MixtureDataset)
        case classes(ImageClassifier, realFeatures: Tensor, realDiversity: [Double], shares: [Double])
    }

    private let judge: Judge

    /// - Throws: when the data has neither labels nor known modes.
    public init(_ data: any Dataset, store: ReferenceStore) throws {
        if let mixture = data as? MixtureDataset {
            judge = .mixture(mixture)
            return
        }
        guard let pictures = data as? PictureDataset, let labels = pictures.labels,
            case .classes(let classifier, let shares?) = try store.evaluator(data).modes
        else {
            throw TorchError(
                .invalidOperation, "\(data.summary) have no labels, so the truth about samples is not known.")
        }
        let chosen = try Tensor.randomPermutation(data.count, from: RandomGenerator(seed: 3)).slice(
            0..<min(data.count, 3000))
        let features = try classifier.features(of: pictures.examples(chosen))
        let classes = try chosen.values().map { (index: Int64) in labels[Int(index)] }
        judge = .classes(
            classifier, realFeatures: features,
            realDiversity: try GroundTruthMeter.diversities(features, classes, count: shares.count), shares: shares)
    }

    /// - Parameter samples: images `[count, channels, height, width]` in [−1, 1], or points `[count, 2]`.
    public func measure(_ samples: Tensor) throws -> GroundTruth {
        let isFinite = try samples.isFinite().allTrue()
        guard isFinite else { return GroundTruth(populated: 0, withinDiversity: 0, quality: 0, isMixture: false) }
        switch judge {
        case .mixture(let mixture):
            let centres = try Tensor(
                mixture.centres.flatMap { [Float($0.x), Float($0.y)] }, shape: [mixture.centres.count, 2])
            let score = try MixtureScore(samples: samples, centres: centres, deviation: mixture.deviation * 4 / 3)
            let fair = 1 / Double(score.modeCount)
            return GroundTruth(
                populated: Double(score.shares.count { $0 >= 0.1 * fair }) / Double(score.modeCount),
                withinDiversity: 1,
                quality: score.highQuality, isMixture: true)
        case .classes(let classifier, let realFeatures, let realDiversity, let shares):
            let probabilities = try classifier.probabilities(samples)
            let score = try ModeScore(probabilities: probabilities, reference: shares)
            let guesses = try probabilities.indexOfMaximum(1).values().map { (index: Int64) in Int(index) }
            let features = try classifier.features(of: samples)
            let diversities = try GroundTruthMeter.diversities(features, guesses, count: shares.count)
            let ratios = zip(diversities, realDiversity).compactMap { $0.isFinite && $1.isFinite ? $0 / $1 : nil }
            let size = min(samples.shape[0], realFeatures.shape[0])
            let neighbours = try NeighbourScores(
                reference: realFeatures.slice(0..<size), samples: features.slice(0..<size))
            return GroundTruth(
                populated: Double(score.populatedModes) / Double(shares.count),
                withinDiversity: ratios.isEmpty ? 0 : ratios.reduce(0, +) / Double(ratios.count),
                quality: neighbours.precision, isMixture: false)
        }
    }

    /// The mean distance of pairs within each class; NaN for a class of fewer than ten.
    private static func diversities(_ features: Tensor, _ classes: [Int], count: Int) throws -> [Double] {
        try (0..<count).map { label in
            let members = classes.indices.filter { classes[$0] == label }
            guard members.count >= 10 else { return .nan }
            let some = try features.gathering(Tensor(members.map(Int64.init)))
            return try Diversity(reference: some, samples: some).samples
        }
    }
}
