import Datasets
import Evaluation
import Torch

/// Labelled images, divided into those that a classifier is trained on and those that are held out.
struct LabelledImages {
    /// Images with a label for each.
    let images: PictureDataset
    let labels: [Int]
    /// How many classes there are, those without an example too.
    let classCount: Int
    /// The positions of images to train on, and of those that are held out, both in random order.
    let training, heldOut: [Int64]

    /// The most classes that a classifier is trained for.
    private static let mostClasses = 1000
    private static let mostHeldOut = 5000
    private static let fewestHeldOut = 40
    /// Of fewer images a class no classifier learns to tell them apart.
    private static let fewestOfClass = 20

    /// Why data has no classifier of its classes.
    enum Problem: Error {
        case noLabels
        case tooFew(classes: Int)
    }

    /// The classifiers that are part of the program never see the first half of their data; else a third is held out.
    init(_ images: PictureDataset) throws {
        guard let labels = images.labels, let most = labels.max(), most > 0, most < LabelledImages.mostClasses,
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
            guard heldOut.count >= LabelledImages.fewestHeldOut else { throw Problem.tooFew(classes: present) }
            return
        }
        guard labels.count >= LabelledImages.fewestOfClass * present else { throw Problem.tooFew(classes: present) }
        let held = min(LabelledImages.mostHeldOut, labels.count / 3)
        guard held >= LabelledImages.fewestHeldOut else { throw Problem.tooFew(classes: present) }
        (heldOut, training) = (Array(order[..<held]), Array(order[held...]))
    }

    /// The share of each class.
    var due: [Double] {
        var counts = [Double](repeating: 0, count: classCount)
        for label in labels { counts[label] += 1 }
        return counts.map { $0 / Double(labels.count) }
    }

    /// What measures samples by a classifier of these classes.
    func meter(_ classifier: ImageClassifier) throws -> ClassMeter {
        let chosen = Array(heldOut.prefix(ClassMeter.mostImages))
        return try ClassMeter(
            classifier, images: images.examples(Tensor(chosen)), labels: chosen.map { labels[Int($0)] }, due: due)
    }

    /// What measures images of three of these each, one a channel, whose classes are the thousand combinations.
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

    /// The name by which a store keeps the classifier. Other labels of the same images are other classes, and
    /// the number counts the ways of training it.
    func name(in store: ReferenceStore) throws -> String {
        var hasher = SmallHash()
        labels.forEach { hasher.combine($0) }
        return "classes-2-\(try store.fingerprint(of: images))-\(hasher.text)"
    }

    /// A classifier's training on these images, and nothing else.
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

    /// The share of held-out images that a classifier tells right.
    func heldOutAccuracy(_ classifier: ImageClassifier) throws -> Double {
        let chosen = Array(heldOut.prefix(ClassMeter.mostImages))
        guard !chosen.isEmpty else { return 0 }
        return try classifier.accuracy(images.examples(Tensor(chosen)), labels: chosen.map { labels[Int($0)] })
    }
}
