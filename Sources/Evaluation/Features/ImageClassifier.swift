import Networks
public import Torch

/// A small convolutional network that classifies images. Trained once on labeled data, it counts the modes of samples,
/// and its last hidden layer provides features.
public final class ImageClassifier {
    /// The network's architecture.
    public enum Architecture: String, Sendable {
        /// As many levels as the image size requires, with batch normalization.
        case deep
        /// Two wide convolutions. Used to determine the ground truth about samples, so that this does not depend on the
        /// diagnosis's own classifier.
        case wide
    }

    /// The shape of one image: `[channels, height, width]`.
    public let imageShape: [Int]
    public let classes: Int
    public let architecture: Architecture
    /// The accuracy on images that the classifier was not trained on, if it was measured.
    public var heldOutAccuracy: Double?
    let network: any ClassifierNetwork
    let device: Device

    /// Creates a classifier with random parameters, which the random seed determines.
    public init(
        imageShape: [Int], classes: Int, architecture: Architecture = .deep, seed: UInt64 = 0, device: Device = .cpu
    ) throws {
        self.imageShape = imageShape
        self.classes = classes
        self.architecture = architecture
        self.device = device
        network = try withSeededRandomNumbers(seed) {
            switch architecture {
            case .deep: try DeepClassifierNetwork(imageShape: imageShape, classes: classes, device: device)
            case .wide: try WideClassifierNetwork(imageShape: imageShape, classes: classes, device: device)
            }
        }
    }

    /// Loads a trained classifier; floating-point tensors of any precision are accepted.
    ///
    /// - Throws: `TorchError` of kind `malformedFile` if the file is not a classifier.
    public convenience init(_ file: Safetensors, device: Device = .cpu) throws {
        guard let shape = file.metadata["image_shape"]?.split(separator: ",").map({ Int($0) ?? 0 }), shape.count == 3,
            let classes = file.metadata["classes"].flatMap({ Int($0) }), shape.allSatisfy({ (1...4096).contains($0) }),
            (1...100_000).contains(classes)
        else {
            throw TorchError(
                .malformedFile,
                "The file is not a classifier: its metadata lacks a valid image shape and number of classes.")
        }
        let architecture = file.metadata["architecture"].flatMap(Architecture.init) ?? .wide
        try self.init(imageShape: shape, classes: classes, architecture: architecture, device: device)
        var exact = file
        exact.tensors = try file.tensors.mapValues { $0.dtype.isFloatingPoint ? try $0.to(.float32) : $0 }
        try network.load(exact)
        heldOutAccuracy = file.metadata["held_out_accuracy"].flatMap { Double($0) }
    }

    /// The classifier as a file.
    public var file: Safetensors {
        let shape = imageShape.map(String.init).joined(separator: ",")
        var metadata = [
            "image_shape": shape, "classes": String(classes), "architecture": architecture.rawValue,
        ]
        metadata["held_out_accuracy"] = heldOutAccuracy.map { String($0) }
        return network.safetensors(metadata: metadata)
    }

    /// The class logits, `[batch, classes]`.
    ///
    /// - Parameter images: float32 `[batch, channels, height, width]` in [−1, 1].
    public func logits(_ images: Tensor) throws -> Tensor {
        try withoutGradients { try network.whileEvaluating { try network(images.to(device)) } }
    }

    /// The class probabilities, `[count, classes]` on the CPU, computed in batches that fit in memory.
    public func probabilities(_ images: Tensor) throws -> Tensor {
        try Tensor.concatenate(
            ranges(of: images.shape[0], size: 500).map { try logits(images.slice($0)).softmax().to(.cpu) })
    }

    /// The share of images classified correctly.
    public func accuracy(_ images: Tensor, labels: [Int]) throws -> Double {
        let guesses = try probabilities(images).indexOfMaximum(1).integers()
        return Double(zip(guesses, labels).count { $0 == $1 }) / Double(max(1, labels.count))
    }

    /// Runs the whole training; see ``ClassifierTraining``.
    ///
    /// - Parameters:
    ///   - progress: called after each step with the completed share, from 0 to 1.
    ///   - batch: returns the images at the given indices, float32 in [−1, 1].
    public func train(
        labels: [Int], options: ClassifierTraining.Options = ClassifierTraining.Options(),
        progress: (Double) -> Void = { _ in }, batch: (Tensor) throws -> Tensor
    ) throws {
        try withoutActuallyEscaping(batch) { batch in
            let training = try ClassifierTraining(self, labels: labels, options: options, batch: batch)
            while !training.isDone {
                try training.advance()
                progress(training.progress)
            }
        }
    }
}

/// A feature extractor that also distinguishes the modes of images.
public protocol ModeClassifier: FeatureExtractor {
    /// The mode probabilities, `[count, modes]` on the CPU.
    func probabilities(_ images: Tensor) throws -> Tensor
    /// The features and the mode probabilities in one pass, for images that fit in memory.
    func featuresAndProbabilities(_ images: Tensor) throws -> (features: Tensor, probabilities: Tensor)
}

extension ModeClassifier {
    public func featuresAndProbabilities(_ images: Tensor) throws -> (features: Tensor, probabilities: Tensor) {
        (try features(of: images).to(.cpu), try probabilities(images))
    }
}

extension ImageClassifier: ModeClassifier {
    public var name: String { "classifier" }

    /// The last hidden layer, `[batch, features]`.
    public func callAsFunction(_ examples: Tensor) throws -> Tensor {
        try withoutGradients { try network.whileEvaluating { try network.features(examples.to(device)) } }
    }

    public func featuresAndProbabilities(_ images: Tensor) throws -> (features: Tensor, probabilities: Tensor) {
        try withoutGradients {
            try network.whileEvaluating {
                let features = try network.features(images.to(device))
                return (try features.to(.cpu), try network.logits(fromFeatures: features).softmax().to(.cpu))
            }
        }
    }
}
