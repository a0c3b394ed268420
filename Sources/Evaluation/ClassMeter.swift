public import Torch

/// Measurements of samples, made with a classifier of the data's classes.
public struct ClassMeasurement: Sendable, Codable, Equatable {
    public var shares: ClassShares
    /// Set if there are too many classes for the number of samples to judge each class separately.
    public var reached: ReachedClasses?
    /// Precision, recall, density and coverage; `nil` if there are too few samples or real images.
    public var neighbors: Compared<NeighborScores>?

    /// The share of the data that belongs to classes lost by the samples.
    public var lostMass: Double { max(shares.lostMass, reached?.lostMass ?? 0) }
}

/// Measures how samples are distributed over the classes of labeled images and how close they are to the data, in the
/// features of a classifier.
public final class ClassMeter {
    public let classifier: any ModeClassifier
    /// The share of each class in the data, in label order.
    public let due: [Double]
    /// The classification accuracy on the held-out images that can be trusted, from 0 to 1.
    public let trustedAccuracy: Double
    private let support: DataSupport
    private let labels: [Int]
    private let heldOut: [(answer: Int?, truth: Int)]
    private let nearness: FeatureMeter

    /// The number of samples that suffices to estimate the shares of ten classes.
    public static let enoughSamples = 2000
    /// The maximum number of real images that samples are compared with.
    public static let mostImages = 3000
    /// With fewer examples per class on average, classes are not judged separately.
    private static let fewestOfClass = 12.0

    /// - Parameters:
    ///   - images: at least six real images that the classifier was not trained on, in random order, float32 in
    ///     [−1, 1].
    ///   - labels: the labels of these images.
    ///   - due: the share of each class in the data.
    public init(_ classifier: any ModeClassifier, images: Tensor, labels: [Int], due: [Double]) throws {
        guard images.shape[0] == labels.count, labels.allSatisfy({ due.indices.contains($0) }) else {
            throw TorchError(.invalidOperation, "Every image needs a label, and every label needs a share of the data.")
        }
        self.classifier = classifier
        self.due = due
        self.labels = labels
        let (features, answers) = try ClassMeter.read(images, by: classifier)
        support = try DataSupport(features)
        nearness = FeatureMeter(classifier, features: features)
        let (places, isInside) = try support.nearestOthers()
        heldOut = labels.indices.map { index in
            let nearest = labels[places[index]]
            return (isInside[index] && nearest == answers[index] ? nearest : nil, labels[index])
        }
        let trusted = heldOut.filter { $0.answer != nil }
        trustedAccuracy = Double(trusted.count { $0.answer == $0.truth }) / Double(max(1, trusted.count))
    }

    /// Whether the classifier distinguishes the classes well enough for its measurements to be meaningful.
    public var canJudge: Bool {
        trustedAccuracy >= 0.7 && heldOut.count { $0.answer != nil } * 4 >= heldOut.count
    }

    /// - Parameters:
    ///   - samples: at least one sample, of the same shape as the data's images, float32 in [−1, 1].
    ///   - more: returns further batches of samples, then `nil`. They count only toward the class shares, because
    ///     precision and coverage depend on the number of samples.
    public func measure(_ samples: Tensor, and more: () throws -> Tensor? = { nil }) throws -> ClassMeasurement {
        let (first, classes) = try ClassMeter.read(samples, by: classifier)
        var (parts, answers) = ([first], classes)
        while let batch = try more() {
            let (features, classes) = try ClassMeter.read(batch, by: classifier)
            parts.append(features)
            answers += classes
        }
        let features = try Tensor.concatenate(parts)
        let (places, isInside) = try support.nearest(to: features)
        let trusted = answers.indices.map { index in
            isInside[index] && labels[places[index]] == answers[index] ? answers[index] : nil
        }
        let inside = Double(isInside.count { $0 }) / Double(max(1, isInside.count))
        let shares = ClassShares(
            samples: trusted, heldOut: heldOut, covered: try support.covered(labels, by: features, answers), due: due,
            inside: inside)
        let present = due.count { $0 > 0 }
        let isCrowded = Double(min(labels.count, answers.count)) < ClassMeter.fewestOfClass * Double(present)
        return ClassMeasurement(
            shares: shares, reached: isCrowded ? ReachedClasses(answers, due: due) : nil,
            neighbors: try nearness.measure(features: features.slice(0..<samples.shape[0])))
    }

    /// The features and the most likely class of each image.
    private static func read(_ images: Tensor, by classifier: any ModeClassifier) throws -> (Tensor, [Int]) {
        var features: [Tensor] = []
        var answers: [Int] = []
        for range in ranges(of: images.shape[0], size: 500) {
            let (part, probabilities) = try classifier.featuresAndProbabilities(images.slice(range))
            features.append(part)
            answers += try probabilities.indexOfMaximum(1).integers()
        }
        return (try Tensor.concatenate(features), answers)
    }
}
