import Networks
public import Torch

/// A small convolutional network that tells the classes of images apart. Trained once on labelled data, it counts the modes
/// of samples, and its last hidden layer serves as features.
public final class ImageClassifier {
    /// The shape of one image: `[channels, height, width]`.
    public let imageShape: [Int]
    public let classes: Int
    /// The share of images that it told right which it had not been trained on, if that was measured.
    public var heldOutAccuracy: Double?
    private let network: ClassifierNetwork
    private let device: Device

    /// A classifier with random parameters that follow from a seed.
    public init(imageShape: [Int], classes: Int, seed: UInt64 = 0, device: Device = .cpu) throws {
        self.imageShape = imageShape
        self.classes = classes
        self.device = device
        network = try withSeededRandomNumbers(seed) {
            try ClassifierNetwork(imageShape: imageShape, classes: classes, device: device)
        }
    }

    /// One that was trained before.
    public convenience init(_ file: Safetensors, device: Device = .cpu) throws {
        guard let shape = file.metadata["image_shape"]?.split(separator: ",").map({ Int($0) ?? 0 }), shape.count == 3,
            let classes = file.metadata["classes"].flatMap({ Int($0) }), shape.allSatisfy({ (1...4096).contains($0) }),
            (1...100_000).contains(classes)
        else { throw TorchError(.malformedFile, "The file is no classifier: it does not say the shape of its images.") }
        try self.init(imageShape: shape, classes: classes, device: device)
        try network.load(file)
        heldOutAccuracy = file.metadata["held_out_accuracy"].flatMap { Double($0) }
    }

    /// The classifier as a file.
    public var file: Safetensors {
        let shape = imageShape.map(String.init).joined(separator: ",")
        var metadata = ["image_shape": shape, "classes": String(classes)]
        metadata["held_out_accuracy"] = heldOutAccuracy.map { String($0) }
        return network.safetensors(metadata: metadata)
    }

    /// The logits of each class, `[batch, classes]`.
    ///
    /// - Parameter images: float32 `[batch, channels, height, width]` in [−1, 1].
    public func logits(_ images: Tensor) throws -> Tensor {
        try withoutGradients { try network(images.to(device)) }
    }

    /// How likely each class is, `[count, classes]` on the CPU, in parts that fit in memory.
    public func probabilities(_ images: Tensor) throws -> Tensor {
        try Tensor.concatenate(
            ranges(of: images.shape[0], size: 500).map { try logits(images.slice($0)).softmax().to(.cpu) })
    }

    /// The share of images that are told right.
    public func accuracy(_ images: Tensor, labels: [Int]) throws -> Double {
        let guesses = try probabilities(images).indexOfMaximum(1).integers()
        return Double(zip(guesses, labels).count { $0 == $1 }) / Double(max(1, labels.count))
    }

    /// Trains with Adam and a learning rate that rises and falls once (Smith 2017, arXiv 1708.07120), on images that are
    /// moved by up to two pixels.
    ///
    /// - Parameters:
    ///   - batch: the images at the given positions, float32 in [−1, 1].
    ///   - progress: takes the share that is done, now and then.
    public func train(
        labels: [Int], epochs: Int = 3, batchSize: Int = 128, learningRate: Double = 0.004, seed: UInt64 = 0,
        progress: (Double) -> Void = { _ in }, batch: (Tensor) throws -> Tensor
    ) throws {
        let generator = try RandomGenerator(seed: seed)
        let parameters = network.parameters
        let (first, second) = (try parameters.map { try $0.zerosLike() }, try parameters.map { try $0.zerosLike() })
        let steps = try parameters.map { try Tensor.zeros([], device: $0.device) }
        let classes = try Tensor(labels.map(Int64.init))
        let total = (labels.count + batchSize - 1) / batchSize * epochs
        var step = 0
        for _ in 0..<epochs {
            let order = try Tensor.randomPermutation(labels.count, from: generator)
            for range in ranges(of: labels.count, size: batchSize) {
                let indices = try order.slice(range)
                let logits = try network(moved(batch(indices).to(device), generator))
                let loss = try logits.crossEntropy(classes.gathering(indices).to(device))
                let slopes = try gradients(of: loss, for: parameters)
                let share = Double(step) / Double(total)
                let rate = learningRate * (share < 0.2 ? share / 0.2 : (1 - share) / 0.8)
                try withoutGradients {
                    try adamStep(
                        parameters: parameters, gradients: zip(parameters, slopes).map { try $0.laidOut($1) },
                        firstMoments: first, secondMoments: second, steps: steps, learningRate: rate, beta1: 0.9,
                        beta2: 0.999, weightDecay: 0, epsilon: 1e-8, decoupledDecay: false)
                }
                step += 1
                if step % 20 == 0 || step == total { progress(Double(step) / Double(total)) }
            }
        }
    }

    /// The images, all moved by the same few pixels.
    private func moved(_ images: Tensor, _ generator: RandomGenerator) throws -> Tensor {
        let offsets = try Tensor.randomIntegers(0..<5, [2], from: generator).integers()
        let (height, width) = (imageShape[1], imageShape[2])
        return try images.contiguous().padded(left: 2, right: 2, top: 2, bottom: 2, value: -1)
            .slice(offsets[0]..<offsets[0] + height, dimension: 2).slice(offsets[1]..<offsets[1] + width, dimension: 3)
    }
}

/// Features that also tell the modes of images apart.
public protocol ModeClassifier: FeatureExtractor {
    /// How likely each mode is, `[count, modes]` on the CPU.
    func probabilities(_ images: Tensor) throws -> Tensor
}

extension ImageClassifier: ModeClassifier {
    public var name: String { "classifier" }

    /// The last hidden layer, `[batch, 128]`.
    public func callAsFunction(_ examples: Tensor) throws -> Tensor { try network.features(examples.to(device)) }
}

extension Tensor {
    /// A gradient in this parameter's memory layout, as fused optimisers need it.
    fileprivate func laidOut(_ gradient: Tensor) throws -> Tensor {
        let result = try zerosLike()
        try result.addInPlace(gradient)
        return result
    }
}

/// Two convolutions with pooling, a hidden layer of 128, and the classes.
private final class ClassifierNetwork: Module {
    private let first, second: Conv2d
    private let hidden, output: Linear

    init(imageShape shape: [Int], classes: Int, device: Device) throws {
        first = try Conv2d(shape[0], 32, kernel: 3, padding: 1, device: device)
        second = try Conv2d(32, 64, kernel: 3, padding: 1, device: device)
        hidden = try Linear(64 * (shape[1] / 4) * (shape[2] / 4), 128, device: device)
        output = try Linear(128, classes, device: device)
    }

    func features(_ images: Tensor) throws -> Tensor {
        let half = try first(images.channelsLast()).relu(inPlace: true).maxPool2d(kernel: 2)
        let quarter = try second(half).relu(inPlace: true).maxPool2d(kernel: 2)
        return try hidden(quarter.contiguous().flattened(from: 1)).relu()
    }

    func callAsFunction(_ input: Tensor) throws -> Tensor { try output(features(input)) }

    func visit(_ visitor: StateVisitor) {
        visitor.module("first", first)
        visitor.module("second", second)
        visitor.module("hidden", hidden)
        visitor.module("output", output)
    }
}
