public import Datasets
public import Evaluation
public import Torch

/// What measures the classes of some data, as it is made ready in slices of time: a shipped classifier at once, one from the store, or one
/// that is trained first.
public final class ClassPreparation {
    private enum State {
        case waiting
        case training(ImageClassifier, ClassifierTraining)
        case ready(ClassMeter)
        case impossible
    }

    /// The name of each class, in the order of labels.
    public let classNames: [String]
    /// The class of each of the data's examples.
    public let labels: [Int]
    private let labelled: LabelledImages
    /// Whether the samples are three images of these, one a channel.
    private let isStacked: Bool
    private let store: ReferenceStore
    private let device: Device
    private var state = State.waiting
    private var key: String?

    /// - Returns: `nil` for data without labels, and for too few examples of each class.
    public init?(_ data: any Dataset, store: ReferenceStore, device: Device = .cpu) throws {
        guard let labels = data.labels, let pictures = (data as? StackedDataset)?.digits ?? data as? PictureDataset
        else { return nil }
        do {
            labelled = try LabelledImages(pictures)
        } catch LabelledImages.Problem.tooFew(let classes) {
            store.report("\(data.summary) are too few to judge their \(classes) classes.")
            return nil
        } catch LabelledImages.Problem.noLabels {
            return nil
        }
        isStacked = data is StackedDataset
        self.labels = labels
        self.store = store
        self.device = device
        classNames =
            data.classNames
            ?? (0..<(isStacked ? 1000 : labelled.classCount)).map { String($0) }
    }

    /// What measures the classes, once it is ready.
    public var meter: ClassMeter? { if case .ready(let meter) = state { meter } else { nil } }

    /// Whether there is nothing more to do.
    public var isSettled: Bool {
        switch state {
        case .ready, .impossible: true
        case .waiting, .training: false
        }
    }

    /// Whether a classifier is being trained.
    public var isTraining: Bool { if case .training = state { true } else { false } }

    /// Goes on for about so many seconds, to the end by default. A classifier that is there already is taken up in any case, which
    /// takes about a second.
    public func advance(for seconds: Double = .infinity) throws {
        let clock = ContinuousClock()
        let start = clock.now
        if case .waiting = state { try advanceOnce() }
        while !isSettled, (clock.now - start) / .seconds(1) < seconds { try advanceOnce() }
    }

    private func advanceOnce() throws {
        switch state {
        case .waiting:
            if let classifier = try ShippedClassifier.classifier(of: labelled.images, device: device) {
                try settle(classifier)
            } else if let classifier = try store.classifier(name(), device: device) {
                try settle(classifier)
            } else {
                let (shape, count) = (labelled.images.exampleShape, labelled.classCount)
                store.report("Training a classifier of the \(count) classes, once.")
                let classifier = try ImageClassifier(imageShape: shape, classes: count, device: device)
                state = .training(classifier, try labelled.train(classifier))
            }
        case .training(let classifier, let training):
            try training.advance()
            guard training.isDone else { return }
            classifier.heldOutAccuracy = try labelled.heldOutAccuracy(classifier)
            try store.keep(classifier, as: name())
            try settle(classifier)
        case .ready, .impossible: break
        }
    }

    private func name() throws -> String {
        let key = try key ?? store.fingerprint(of: labelled.images)
        self.key = key
        // Other labels of the same images are other classes.
        var hasher = SmallHash()
        labelled.labels.forEach { hasher.combine($0) }
        return "classes-\(key)-\(hasher.text)"
    }

    private func settle(_ classifier: ImageClassifier) throws {
        let meter = isStacked ? try stackedMeter(classifier) : try labelled.meter(classifier)
        guard meter.canJudge else {
            store.report("A classifier cannot tell these classes apart, so lost classes are not judged.")
            state = .impossible
            return
        }
        state = .ready(meter)
    }

    private func stackedMeter(_ classifier: ImageClassifier) throws -> ClassMeter {
        let (held, count) = (labelled.heldOut, ClassMeter.mostImages)
        let drawn: [Int64] = try Tensor.randomIntegers(0..<held.count, [3 * count], from: RandomGenerator(seed: 0))
            .values()
        let places = drawn.map { held[Int($0)] }
        let channels = try (0..<3).map { channel in
            try labelled.images.examples(Tensor(Array(places[channel * count..<(channel + 1) * count])))
        }
        let classes = (0..<count).map { index in
            (0..<3).reduce(0) { $0 * 10 + labelled.labels[Int(places[$1 * count + index])] }
        }
        return try ClassMeter(
            StackedClassifier(classifier), images: Tensor.concatenate(channels, dimension: 1), labels: classes,
            due: [Double](repeating: 1.0 / 1000, count: 1000))
    }

    /// The positions of a few of the data's examples of a class.
    func examples(of label: Int, count: Int) -> [Int64] {
        labels.indices.lazy.filter { self.labels[$0] == label }.prefix(count).map(Int64.init)
    }
}

/// A hash that is the same in every process (Fowler, Noll and Vo, FNV-1a).
struct SmallHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ value: Int) {
        for shift in stride(from: 0, to: 64, by: 8) {
            state = (state ^ UInt64(UInt8(truncatingIfNeeded: value >> shift))) &* 0x100_0000_01b3
        }
    }

    var text: String { String(state, radix: 16) }
}
