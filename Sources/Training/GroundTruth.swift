public import Datasets
import Evaluation
public import Runs
public import Torch

/// What is true of samples, by means that the rules of the diagnosis do not use: the classifier's features and confidence for
/// labelled images, the true modes for mixtures. It is the label that diagnoses are measured against.
///
/// | | mode collapse | convergence failure |
/// | --- | --- | --- |
/// | images | fewer than 7 in 10 classes populated, or classes less than half as diverse as the data's | half as far from the data, or farther, as real images of one class alone are |
/// | mixtures | fewer than 9 in 10 modes populated | fewer than 3 in 10 samples within four deviations of a mode |
///
/// A class or mode is populated if it gets at least a tenth of its share. The diversity of a class is the mean distance of
/// pairs within it, in the classifier's features, in proportion to that of real images of the class. How far samples are from
/// the data is the Fréchet distance in the same features; that of one class alone, the mean over the classes, is its unit.
public struct GroundTruth: Sendable, Codable, Equatable {
    /// The share of classes or modes that are populated.
    public var populated: Double
    /// The mean diversity within populated classes, in proportion to the data's; 1 for mixtures.
    public var withinDiversity: Double
    /// How far samples are from the data, in units of the distance of one class alone; or the share of points far from
    /// every mode.
    public var distance: Double
    private var isMixture: Bool

    init(populated: Double, withinDiversity: Double, distance: Double, isMixture: Bool) {
        self.populated = populated
        self.withinDiversity = withinDiversity
        self.distance = distance
        self.isMixture = isMixture
    }

    /// The failures that these numbers mean; empty for sound samples.
    public var failures: Set<Finding.Failure> {
        var failures: Set<Finding.Failure> = []
        if populated < (isMixture ? 0.9 : 0.7) || withinDiversity < 0.5 { failures.insert(.modeCollapse) }
        if distance > (isMixture ? 0.7 : 0.5) { failures.insert(.convergenceFailure) }
        return failures
    }
}

/// Measures the truth about samples of one data set.
public final class GroundTruthMeter {
    private enum Judge {
        case mixture(MixtureDataset)
        case classes(Classes)
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
            0..<min(data.count, 6000))
        let features = try classifier.features(of: pictures.examples(chosen))
        let members = try chosen.values().map { (index: Int64) in labels[Int(index)] }
        judge = .classes(try Classes(classifier, features, members, shares))
    }

    /// What is known of labelled images.
    private struct Classes {
        let classifier: any ModeClassifier
        let shares: [Double]
        let features: Tensor
        let diversities: [Double]
        /// The Fréchet distance from the data of one class alone, the mean over the classes.
        let unit: Double

        init(_ classifier: any ModeClassifier, _ features: Tensor, _ labels: [Int], _ shares: [Double]) throws {
            self.classifier = classifier
            self.shares = shares
            self.features = features
            diversities = try GroundTruthMeter.diversities(features, labels, count: shares.count)
            let distances = try shares.indices.compactMap { label -> Double? in
                let members = labels.indices.filter { labels[$0] == label }
                guard members.count >= 10 else { return nil }
                return try FrechetDistance.between(features, features.gathering(Tensor(members.map(Int64.init))))
            }
            unit = distances.reduce(0, +) / Double(max(1, distances.count))
        }

        func measure(_ samples: Tensor) throws -> GroundTruth {
            let probabilities = try classifier.probabilities(samples)
            let score = try ModeScore(probabilities: probabilities, reference: shares)
            let guesses = try probabilities.indexOfMaximum(1).values().map { (index: Int64) in Int(index) }
            let made = try classifier.features(of: samples)
            let ratios = zip(try GroundTruthMeter.diversities(made, guesses, count: shares.count), diversities)
                .compactMap { $0.isFinite && $1.isFinite ? $0 / $1 : nil }
            return GroundTruth(
                populated: Double(score.populatedModes) / Double(shares.count),
                withinDiversity: ratios.isEmpty ? 0 : ratios.reduce(0, +) / Double(ratios.count),
                distance: try FrechetDistance.between(features, made) / unit, isMixture: false)
        }
    }

    /// - Parameter samples: images `[count, channels, height, width]` in [−1, 1], or points `[count, 2]`.
    public func measure(_ samples: Tensor) throws -> GroundTruth {
        let isFinite = try samples.isFinite().allTrue()
        guard isFinite else {
            return GroundTruth(populated: 0, withinDiversity: 0, distance: .greatestFiniteMagnitude, isMixture: false)
        }
        switch judge {
        case .mixture(let mixture):
            let centres = try Tensor(
                mixture.centres.flatMap { [Float($0.x), Float($0.y)] }, shape: [mixture.centres.count, 2])
            let score = try MixtureScore(samples: samples, centres: centres, deviation: mixture.deviation * 4 / 3)
            let fair = 1 / Double(score.modeCount)
            return GroundTruth(
                populated: Double(score.shares.count { $0 >= 0.1 * fair }) / Double(score.modeCount),
                withinDiversity: 1,
                distance: 1 - score.highQuality, isMixture: true)
        case .classes(let classes): return try classes.measure(samples)
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
