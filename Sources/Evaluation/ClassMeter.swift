public import Torch

/// What was measured of samples by the features of a classifier of the data's classes.
public struct ClassMeasurement: Sendable, Codable, Equatable {
    public var shares: ClassShares
    /// Where there are too many classes for their samples to judge each by itself.
    public var reached: ReachedClasses?
    /// Precision, recall, density and coverage; `nil` for too few samples or real images.
    public var neighbours: Compared<NeighbourScores>?

    /// The share of the data that the samples have lost.
    public var lostMass: Double { max(shares.lostMass, reached?.lostMass ?? 0) }
}

/// Measures how samples spread over the classes of labelled images, and how near they come to the data, in the features of a classifier.
public final class ClassMeter {
    public let classifier: any ModeClassifier
    /// The share of each class in the data, in the order of labels.
    public let due: [Double]
    /// The share of held-out images whose class is told right, among those that can be trusted.
    public let trustedAccuracy: Double
    private let support: DataSupport
    private let labels: [Int]
    private let heldOut: [(answer: Int?, truth: Int)]
    private let nearness: FeatureMeter

    /// So many samples tell the share of each of ten classes.
    public static let enoughSamples = 2000
    /// The most real images that samples are compared with.
    public static let mostImages = 3000
    /// With fewer examples a class on the average nothing is said of single classes.
    private static let fewestOfClass = 12.0

    /// - Parameters:
    ///   - images: real ones that the classifier was not trained on, in random order, float32 in [−1, 1]; more than five.
    ///   - labels: of these images.
    ///   - due: the share of each class in the data.
    public init(_ classifier: any ModeClassifier, images: Tensor, labels: [Int], due: [Double]) throws {
        guard images.shape[0] == labels.count, labels.allSatisfy({ due.indices.contains($0) }) else {
            throw TorchError(.invalidOperation, "There must be a label for each image, and a share for each label.")
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

    /// Whether the classes can be told apart well enough to say anything.
    public var canJudge: Bool {
        trustedAccuracy >= 0.7 && heldOut.count { $0.answer != nil } * 4 >= heldOut.count
    }

    /// - Parameters:
    ///   - samples: like the data's images, float32 in [−1, 1]; at least one.
    ///   - more: further samples, batch by batch until it gives none; used only for the shares of the classes, since precision and coverage depend
    ///     on the number of samples.
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
            neighbours: try nearness.measure(features: features.slice(0..<samples.shape[0])))
    }

    /// The features and the likeliest class of images.
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
