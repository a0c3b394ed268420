public import Datasets
public import Evaluation
public import Torch

/// Prepares the classifier-based measurement of a dataset's classes in time slices. It uses a shipped classifier, one
/// from the store, or one that it trains first.
public final class ClassPreparation {
    /// The name of each class, in label order.
    public let classNames: [String]
    /// The class of each example.
    public let labels: [Int]
    private let preparation: NetworkPreparation<ClassMeter>

    /// - Returns: `nil` for unlabeled data, and if there are too few examples per class.
    public init?(_ data: any Dataset, store: ReferenceStore, device: Device = .cpu) throws {
        guard let labels = data.labels, let images = (data as? StackedDataset)?.digits ?? data as? ImageDataset
        else { return nil }
        let labeled: LabeledImages
        do {
            labeled = try LabeledImages(images)
        } catch LabeledImages.Problem.tooFew(let classes) {
            store.report("\(data.summary) are too few to judge \(classes) classes; lost classes are not detected.")
            return nil
        } catch LabeledImages.Problem.noLabels {
            return nil
        }
        let isStacked = data is StackedDataset
        self.labels = labels
        classNames =
            data.classNames
            ?? (0..<(isStacked ? 1000 : labeled.classCount)).map { String($0) }
        let source = NetworkPreparation<ClassMeter>.Source(
            announcement: "Training a classifier of the \(labeled.classCount) classes (only once).",
            shipped: { try ShippedClassifier.classifier(of: labeled.images, device: device) },
            name: { try labeled.name(in: store) },
            training: {
                let classifier = try ImageClassifier(
                    imageShape: labeled.images.exampleShape, classes: labeled.classCount, device: device)
                return (classifier, try labeled.train(classifier))
            },
            accuracy: labeled.heldOutAccuracy,
            meter: { classifier in
                let meter = isStacked ? try labeled.stackedMeter(classifier) : try labeled.meter(classifier)
                if meter.canJudge { return meter }
                store.report("The classifier cannot distinguish these classes, so lost classes are not detected.")
                return nil
            })
        preparation = NetworkPreparation(source, store: store, device: device)
    }

    /// The meter for the classes, once it is ready.
    public var meter: ClassMeter? { preparation.meter }

    /// Whether there is nothing left to do.
    public var isSettled: Bool { preparation.isSettled }

    /// Whether a classifier is being trained.
    public var isTraining: Bool { preparation.isTraining }

    /// Continues for about the given number of seconds, by default to the end. An existing classifier is loaded in any
    /// case, which takes about a second.
    public func advance(for seconds: Double = .infinity) throws { try preparation.advance(for: seconds) }

    /// Returns the positions of the first `count` examples of a class.
    func examples(of label: Int, count: Int) -> [Int64] {
        labels.indices.lazy.filter { self.labels[$0] == label }.prefix(count).map(Int64.init)
    }
}

/// A hash that is the same in every process (FNV-1a by Fowler, Noll and Vo).
struct SmallHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ value: Int) {
        for shift in stride(from: 0, to: 64, by: 8) {
            state = (state ^ UInt64(UInt8(truncatingIfNeeded: value >> shift))) &* 0x100_0000_01b3
        }
    }

    var text: String { String(state, radix: 16) }
}
