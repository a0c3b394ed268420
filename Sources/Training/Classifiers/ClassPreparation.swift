public import Datasets
public import Evaluation
public import Torch

/// What measures the classes of some data, as it is made ready in slices of time: a shipped classifier at once, one from the store, or one
/// that is trained first.
public final class ClassPreparation {
    /// The name of each class, in the order of labels.
    public let classNames: [String]
    /// The class of each of the data's examples.
    public let labels: [Int]
    private let preparation: NetworkPreparation<ClassMeter>

    /// - Returns: `nil` for data without labels, and for too few examples of each class.
    public init?(_ data: any Dataset, store: ReferenceStore, device: Device = .cpu) throws {
        guard let labels = data.labels, let pictures = (data as? StackedDataset)?.digits ?? data as? PictureDataset
        else { return nil }
        let labelled: LabelledImages
        do {
            labelled = try LabelledImages(pictures)
        } catch LabelledImages.Problem.tooFew(let classes) {
            store.report("\(data.summary) are too few to judge their \(classes) classes.")
            return nil
        } catch LabelledImages.Problem.noLabels {
            return nil
        }
        let isStacked = data is StackedDataset
        self.labels = labels
        classNames =
            data.classNames
            ?? (0..<(isStacked ? 1000 : labelled.classCount)).map { String($0) }
        let source = NetworkPreparation<ClassMeter>.Source(
            announcement: "Training a classifier of the \(labelled.classCount) classes, once.",
            shipped: { try ShippedClassifier.classifier(of: labelled.images, device: device) },
            name: { try labelled.name(in: store) },
            training: {
                let classifier = try ImageClassifier(
                    imageShape: labelled.images.exampleShape, classes: labelled.classCount, device: device)
                return (classifier, try labelled.train(classifier))
            },
            accuracy: labelled.heldOutAccuracy,
            meter: { classifier in
                let meter = isStacked ? try labelled.stackedMeter(classifier) : try labelled.meter(classifier)
                if meter.canJudge { return meter }
                store.report("A classifier cannot tell these classes apart, so lost classes are not judged.")
                return nil
            })
        preparation = NetworkPreparation(source, store: store, device: device)
    }

    /// What measures the classes, once it is ready.
    public var meter: ClassMeter? { preparation.meter }

    /// Whether there is nothing more to do.
    public var isSettled: Bool { preparation.isSettled }

    /// Whether a classifier is being trained.
    public var isTraining: Bool { preparation.isTraining }

    /// Goes on for about so many seconds, to the end by default. A classifier that is there already is taken up in any case, which
    /// takes about a second.
    public func advance(for seconds: Double = .infinity) throws { try preparation.advance(for: seconds) }

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
