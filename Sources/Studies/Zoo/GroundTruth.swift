public import Datasets
public import Diagnostics
import Evaluation
public import Torch
public import Training

/// The ground truth about samples, measured independently of the diagnosis: by another classifier's features and confidence for labeled
/// images, by the true modes for mixtures. Diagnoses are measured against it.
///
/// | | mode collapse | convergence failure |
/// | --- | --- | --- |
/// | images | two or more of ten classes lost, or classes less than half as diverse as the data's, or over 1 in 10 samples copied | half as far from the data, or farther, as real images of one class alone are, or fewer than 1 in 15 real images covered |
/// | mixtures | fewer than 9 in 10 modes populated | fewer than 3 in 10 samples within four deviations of a mode |
///
/// A class or mode is lost if it gets less than a tenth of its share, and populated if not. Only samples count that the classifier is
/// sure of (a probability of at least 0.8), if there are a hundred. A class that the training did not see is lost, however many samples
/// resemble it. The diversity of a class is the mean distance of
/// pairs within it, in the classifier's features, in proportion to that of real images of the class. How far samples are from
/// the data is the Fréchet distance in the same features; that of one class alone, the mean over the classes, is its unit.
/// A real image is covered if a sample is nearer to it, in the same features, than its fifth neighbor among real images is.
///
/// Copies are counted where a training saw a part of the data only: a sample is one if it is nearer to an example of that part,
/// in the same features, than all but one in a hundred of the real images that the training did not see.
public struct GroundTruth: Sendable, Codable, Equatable {
    /// The share of classes or modes that are populated; the others are lost.
    public var populated: Double
    /// The mean diversity within populated classes, in proportion to the data's; 1 for mixtures.
    public var withinDiversity: Double
    /// How far samples are from the data, in units of the distance of one class alone; or the share of points far from
    /// every mode.
    public var distance: Double
    /// The share of real images that are covered; `nil` for mixtures.
    public var covered: Double?
    /// The share of samples that are copies of training examples; `nil` where that is not counted.
    public var copied: Double?
    private var isMixture: Bool

    public init(
        populated: Double, withinDiversity: Double, distance: Double, covered: Double? = nil, copied: Double? = nil,
        isMixture: Bool
    ) {
        self.populated = populated
        self.withinDiversity = withinDiversity
        self.distance = distance
        self.covered = covered
        self.copied = copied
        self.isMixture = isMixture
    }

    /// The failures that these numbers imply; empty for sound samples.
    public var failures: Set<Finding.Failure> {
        var failures: Set<Finding.Failure> = []
        // Two of ten classes, one mode of eight, three of twenty-five.
        if populated < 0.89 || withinDiversity < 0.5 || copied ?? 0 > 0.1 {
            failures.insert(.modeCollapse)
        }
        if distance > (isMixture ? 0.7 : 0.5) || covered ?? 1 < 1.0 / 15 { failures.insert(.convergenceFailure) }
        return failures
    }
}

/// The largest number of training examples searched for copies, and of real images compared with them.
private let mostCopied = 6000

/// Measures the ground truth about samples of one data set.
public final class GroundTruthMeter {
    private enum Judge {
        case mixture(MixtureDataset)
        case classes(Classes)
    }

    private let judge: Judge

    /// - Parameters:
    ///   - data: all of the data, even if the training used only a part.
    ///   - part: the number of first examples that the training used; 0 for all.
    ///   - leftOut: the classes that the training data lacked.
    /// - Throws: when the data has neither labels nor known modes.
    public init(
        _ data: any Dataset, trainedOn part: Int = 0, without leftOut: Set<Int> = [], store: ReferenceStore
    ) throws {
        if let mixture = data as? MixtureDataset {
            judge = .mixture(mixture)
            return
        }
        guard let images = data as? ImageDataset, let labels = images.labels,
            let (classifier, shares) = try store.truthClassifier(images)
        else {
            throw TorchError(
                .invalidOperation, "\(data.summary) have no labels, so the ground truth is unknown.")
        }
        let chosen = try Tensor.randomPermutation(data.count, from: RandomGenerator(seed: 3)).slice(
            0..<min(data.count, 6000))
        let features = try classifier.features(of: images.examples(chosen))
        let members = try chosen.values().map { (index: Int64) in labels[Int(index)] }
        let isPart = (1...min(mostCopied, data.count / 2)).contains(part)
        judge = .classes(
            try Classes(
                classifier, features, members, shares, leftOut: leftOut,
                originals: isPart ? try Originals(images, first: part, by: classifier) : nil))
    }

    /// The training examples that samples may be copies of.
    private struct Originals {
        let features: Tensor
        /// The distance that 99 of 100 unseen real images exceed.
        let usualDistance: Double

        init(_ images: ImageDataset, first part: Int, by classifier: any ModeClassifier) throws {
            func features(_ range: Range<Int>) throws -> Tensor {
                try classifier.features(of: images.examples(Tensor(range.map(Int64.init))))
            }
            self.features = try features(0..<part)
            let others = try features(part..<min(images.count, part + mostCopied))
            let distances = try Originals.distances(of: others, to: self.features).sorted()
            usualDistance = distances[distances.count / 100]
        }

        func share(of samples: Tensor) throws -> Double {
            let distances = try Originals.distances(of: samples, to: features)
            return Double(distances.count { $0 < usualDistance }) / Double(max(1, distances.count))
        }

        private static func distances(of samples: Tensor, to features: Tensor) throws -> [Double] {
            let squares: [Float] = try Neighbors.nearest(samples, features).distances.values()
            return squares.map { Double($0).squareRoot() }
        }
    }

    /// The reference statistics of labeled images.
    private struct Classes {
        let classifier: any ModeClassifier
        let shares: [Double]
        let leftOut: Set<Int>
        let features: Tensor
        let diversities: [Double]
        /// The Fréchet distance from the data of one class alone, the mean over the classes.
        let unit: Double
        let originals: Originals?

        init(
            _ classifier: any ModeClassifier, _ features: Tensor, _ labels: [Int], _ shares: [Double],
            leftOut: Set<Int>, originals: Originals?
        ) throws {
            self.leftOut = leftOut
            self.originals = originals
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

        /// The share of as many real images as there are samples that these cover: of more, fewer would be.
        private func covered(by made: Tensor) throws -> Double {
            let some = try features.slice(0..<min(made.shape[0], features.shape[0]))
            return try NeighborScores(reference: some, samples: made).coverage
        }

        /// The share of classes with at least a tenth of their share of the samples that the classifier is sure of.
        private func populated(_ probabilities: Tensor, _ guesses: [Int]) throws -> Double {
            let confidences: [Float] = try probabilities.maximum(over: [1]).values()
            let sure = guesses.indices.filter { confidences[$0] >= 0.8 }.map { guesses[$0] }
            let judged = sure.count >= 100 ? sure : guesses
            let populated = shares.indices.count { label in
                let count = judged.count { $0 == label }
                return count > 0 && !leftOut.contains(label)
                    && Double(count) >= 0.1 * shares[label] * Double(judged.count)
            }
            return Double(populated) / Double(shares.count)
        }

        func measure(_ samples: Tensor) throws -> GroundTruth {
            let probabilities = try classifier.probabilities(samples)
            let guesses = try probabilities.indexOfMaximum(1).values().map { (index: Int64) in Int(index) }
            let made = try classifier.features(of: samples)
            let ratios = zip(try GroundTruthMeter.diversities(made, guesses, count: shares.count), diversities)
                .compactMap { $0.isFinite && $1.isFinite ? $0 / $1 : nil }
            return GroundTruth(
                populated: try populated(probabilities, guesses),
                withinDiversity: ratios.isEmpty ? 0 : ratios.reduce(0, +) / Double(ratios.count),
                distance: try FrechetDistance.between(features, made) / unit,
                covered: try covered(by: made),
                copied: try originals?.share(of: made), isMixture: false)
        }
    }

    /// - Parameter samples: at least 6; images `[count, channels, height, width]` in [−1, 1], or points `[count, 2]`.
    public func measure(_ samples: Tensor) throws -> GroundTruth {
        let isFinite = try samples.isFinite().allTrue()
        guard isFinite else {
            return GroundTruth(populated: 0, withinDiversity: 0, distance: .greatestFiniteMagnitude, isMixture: false)
        }
        switch judge {
        case .mixture(let mixture):
            let centers = try Tensor(
                mixture.centers.flatMap { [Float($0.x), Float($0.y)] }, shape: [mixture.centers.count, 2])
            let score = try MixtureScore(samples: samples, centers: centers, deviation: mixture.deviation * 4 / 3)
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
