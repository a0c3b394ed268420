public import Datasets
public import Evaluation
import Foundation
public import Torch

/// The classifiers of named data that are part of the program, so that lost classes are seen from the first evaluation on.
///
/// `equipoise data classifiers` makes them, each from the second half of the data's training images, with numbers of 16 bits; the first half stays
/// unseen, so that samples are compared with images that the classifier does not know.
public enum ShippedClassifier {
    /// The names of the data that have one.
    public static let names = ["mnist", "fashion-mnist"]
    /// The first position of the images that a shipped classifier is trained on.
    static let firstTrainedOn = 30_000

    private static func text(_ name: String) -> String {
        switch name {
        case "mnist": ShippedWeights.mnist
        case "fashion-mnist": ShippedWeights.fashionMnist
        default: ""
        }
    }

    /// The position from which on a shipped classifier has seen these images; `nil` if there is none for them.
    static func firstTrainedOn(_ images: PictureDataset) -> Int? {
        guard let name = images.catalogName, !text(name).isEmpty else { return nil }
        return firstTrainedOn
    }

    /// The classifier of named data in its stored size; `nil` for other data.
    public static func classifier(of images: PictureDataset, device: Device = .cpu) throws -> ImageClassifier? {
        guard let name = images.catalogName, case let text = text(name), !text.isEmpty else { return nil }
        guard let data = Data(base64Encoded: text) else {
            throw TorchError(.malformedFile, "The classifier of \(name) in the program is damaged.")
        }
        return try ImageClassifier(Safetensors(data, source: "the classifier of \(name)"), device: device)
    }

    /// Trains the classifier of named data anew, as the shipped ones were made.
    ///
    /// - Parameters:
    ///   - images: all training images of the data, with labels, in their stored order.
    ///   - progress: takes the share that is done.
    /// - Returns: the classifier with numbers of 16 bits, which tells how many held-out images it tells right.
    public static func make(_ images: PictureDataset, progress: (Double) -> Void) throws -> Safetensors {
        guard let labels = images.labels, labels.count > firstTrainedOn, let most = labels.max() else {
            throw TorchError(.invalidOperation, "\(images.summary) are not all training images with their labels.")
        }
        let positions = (firstTrainedOn..<labels.count).map(Int64.init)
        let classifier = try ImageClassifier(imageShape: images.exampleShape, classes: most + 1)
        let places = try Tensor(positions)
        try classifier.train(
            labels: Array(labels[firstTrainedOn...]), options: ClassifierTraining.Options(epochs: 3, distorts: true),
            progress: progress
        ) { try images.examples(places.gathering($0)) }
        let held = (0..<5000).map(Int64.init)
        classifier.heldOutAccuracy = try classifier.accuracy(
            images.examples(Tensor(held)), labels: Array(labels[..<held.count]))
        var file = classifier.file
        file.tensors = try file.tensors.mapValues { $0.dtype == .float32 ? try $0.contiguous().to(.float16) : $0 }
        return file
    }

    /// The Swift file that holds a classifier as base64.
    public static func source(of file: Safetensors, name: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "equipoise-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try file.write(to: folder)
        let text = try Data(contentsOf: folder).base64EncodedString()
        return """
            // swift-format-ignore-file
            // Made by `equipoise data classifiers`; see Documentation/evaluation.md.
            extension ShippedWeights {
                static let \(constant(name)) = "\(text)"
            }

            """
    }

    /// The name of that file.
    public static func sourceFileName(_ name: String) -> String {
        "ShippedWeights+\(constant(name).prefix(1).uppercased() + constant(name).dropFirst()).swift"
    }

    private static func constant(_ name: String) -> String {
        let words = name.split(separator: "-")
        return words.prefix(1).joined() + words.dropFirst().map { $0.capitalized }.joined()
    }
}
