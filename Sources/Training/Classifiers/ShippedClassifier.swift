public import Datasets
public import Evaluation
import Foundation
public import Torch

/// Classifiers of named datasets that are shipped with the program, so that lost classes are detected from the first
/// evaluation on.
///
/// `equipoise data classifiers` creates them from the second half of each dataset's training images, in 16-bit
/// precision. The first half remains unseen, so that samples can be compared with images that the classifier does not
/// know.
public enum ShippedClassifier {
    /// The names of the datasets with a shipped classifier.
    public static let names = ["mnist", "fashion-mnist"]
    /// The position of the first image that a shipped classifier was trained on.
    static let firstTrainedOn = 30_000

    private static func text(_ name: String) -> String {
        switch name {
        case "mnist": ShippedWeights.mnist
        case "fashion-mnist": ShippedWeights.fashionMnist
        default: ""
        }
    }

    /// Returns the position from which on a shipped classifier has seen these images; `nil` if none exists for them.
    static func firstTrainedOn(_ images: ImageDataset) -> Int? {
        guard let name = images.catalogName, !text(name).isEmpty else { return nil }
        return firstTrainedOn
    }

    /// Returns the classifier of a named dataset in its stored size; `nil` for other data.
    public static func classifier(of images: ImageDataset, device: Device = .cpu) throws -> ImageClassifier? {
        guard let name = images.catalogName, case let text = text(name), !text.isEmpty else { return nil }
        guard let data = Data(base64Encoded: text) else {
            throw TorchError(.malformedFile, "The shipped classifier of \(name) is damaged; reinstall the program.")
        }
        return try ImageClassifier(Safetensors(data, source: "the classifier of \(name)"), device: device)
    }

    /// Trains the classifier of a named dataset in the same way as the shipped ones.
    ///
    /// - Parameters:
    ///   - images: all training images of the dataset, with labels, in their stored order.
    ///   - progress: receives the completed share.
    /// - Returns: the classifier in 16-bit precision, with its held-out accuracy.
    public static func make(_ images: ImageDataset, progress: (Double) -> Void) throws -> Safetensors {
        guard let labels = images.labels, labels.count > firstTrainedOn, let most = labels.max() else {
            throw TorchError(
                .invalidOperation,
                "\(images.summary) are not the full training set with labels; pass all its images.")
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

    /// Returns a Swift source file that contains a classifier as base64.
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

    /// Returns the name of that file.
    public static func sourceFileName(_ name: String) -> String {
        "ShippedWeights+\(constant(name).prefix(1).uppercased() + constant(name).dropFirst()).swift"
    }

    private static func constant(_ name: String) -> String {
        let words = name.split(separator: "-")
        return words.prefix(1).joined() + words.dropFirst().map { $0.capitalized }.joined()
    }
}
