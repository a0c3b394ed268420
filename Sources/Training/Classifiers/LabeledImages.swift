import Datasets
import Evaluation
import Torch

/// Labeled images, split into a training part and a held-out part for a classifier.
struct LabeledImages {
    /// The images, each with a label.
    let images: ImageDataset
    let labels: [Int]
    /// The number of classes, including those without examples.
    let classCount: Int
    /// The positions of the training images and of the held-out images, both in random order.
    let training, heldOut: [Int64]

    /// The maximum number of classes for which a classifier is trained.
    private static let mostClasses = 1000
    private static let mostHeldOut = 5000
    private static let fewestHeldOut = 40
    /// With fewer images per class, a classifier cannot learn to distinguish the classes.
    private static let fewestOfClass = 20

    /// The reason why a dataset cannot have a classifier.
    enum Problem: Error {
        case noLabels
        case tooFew(classes: Int)
    }

    /// Splits the images. If a shipped classifier exists, the half that it never saw is held out; otherwise a third is.
    init(_ images: ImageDataset) throws {
        guard let labels = images.labels, let most = labels.max(), most > 0, most < LabeledImages.mostClasses,
            labels.allSatisfy({ $0 >= 0 }), images.exampleShape[1] >= 8, images.exampleShape[2] >= 8
        else { throw Problem.noLabels }
        let present = Set(labels).count
        guard present > 1 else { throw Problem.noLabels }
        self.images = images
        self.labels = labels
        classCount = most + 1
        let order: [Int64] = try Tensor.randomPermutation(labels.count, from: RandomGenerator(seed: 0)).values()
        if let half = ShippedClassifier.firstTrainedOn(images) {
            training = order.filter { $0 >= half }
            heldOut = order.filter { $0 < half }
            guard heldOut.count >= LabeledImages.fewestHeldOut else { throw Problem.tooFew(classes: present) }
            return
        }
        guard labels.count >= LabeledImages.fewestOfClass * present else { throw Problem.tooFew(classes: present) }
        let held = min(LabeledImages.mostHeldOut, labels.count / 3)
        guard held >= LabeledImages.fewestHeldOut else { throw Problem.tooFew(classes: present) }
        (heldOut, training) = (Array(order[..<held]), Array(order[held...]))
    }

    /// The share of each class in the data.
    var due: [Double] {
        var counts = [Double](repeating: 0, count: classCount)
        for label in labels { counts[label] += 1 }
        return counts.map { $0 / Double(labels.count) }
    }

    /// Returns a meter that measures samples with a classifier of these classes.
    func meter(_ classifier: ImageClassifier) throws -> ClassMeter {
        let chosen = Array(heldOut.prefix(ClassMeter.mostImages))
        return try ClassMeter(
            classifier, images: images.examples(Tensor(chosen)), labels: chosen.map { labels[Int($0)] }, due: due)
    }

    /// Returns a meter for stacked images, which hold one of these images per channel; their classes are the thousand
    /// combinations.
    func stackedMeter(_ classifier: ImageClassifier) throws -> ClassMeter {
        let count = ClassMeter.mostImages
        let drawn: [Int64] = try Tensor.randomIntegers(0..<heldOut.count, [3 * count], from: RandomGenerator(seed: 0))
            .values()
        let places = drawn.map { heldOut[Int($0)] }
        let channels = try (0..<3).map { channel in
            try images.examples(Tensor(Array(places[channel * count..<(channel + 1) * count])))
        }
        let classes = (0..<count).map { index in
            (0..<3).reduce(0) { $0 * 10 + labels[Int(places[$1 * count + index])] }
        }
        return try ClassMeter(
            StackedClassifier(classifier), images: Tensor.concatenate(channels, dimension: 1), labels: classes,
            due: [Double](repeating: 1.0 / 1000, count: 1000))
    }

    /// Returns the name under which a store caches the classifier. It depends on the labels, since the same images can
    /// have other classes; the number is the version of the training method.
    func name(in store: ReferenceStore) throws -> String {
        var hasher = SmallHash()
        labels.forEach { hasher.combine($0) }
        return "classes-2-\(try store.fingerprint(of: images))-\(hasher.text)"
    }

    /// Returns the training of a classifier on the training part only.
    func train(_ classifier: ImageClassifier, seed: UInt64 = 0) throws -> ClassifierTraining {
        try training(of: classifier, on: training, .suited(to: training.count, seed: seed, distorts: true))
    }

    func training(
        of classifier: ImageClassifier, on positions: [Int64], _ options: ClassifierTraining.Options
    ) throws -> ClassifierTraining {
        let (images, places) = (images, try Tensor(positions))
        return try ClassifierTraining(classifier, labels: positions.map { labels[Int($0)] }, options: options) {
            try images.examples(places.gathering($0))
        }
    }

    /// Returns the share of held-out images that a classifier classifies correctly.
    func heldOutAccuracy(_ classifier: ImageClassifier) throws -> Double {
        let chosen = Array(heldOut.prefix(ClassMeter.mostImages))
        guard !chosen.isEmpty else { return 0 }
        return try classifier.accuracy(images.examples(Tensor(chosen)), labels: chosen.map { labels[Int($0)] })
    }
}
