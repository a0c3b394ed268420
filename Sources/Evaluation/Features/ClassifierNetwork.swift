import Networks
import Torch

/// An image classification network whose last hidden layer provides features.
protocol ClassifierNetwork: Module {
    /// The output of the last hidden layer, `[batch, features]`.
    func features(_ images: Tensor) throws -> Tensor
    /// Computes the logits from the output of the last hidden layer.
    func logits(fromFeatures features: Tensor) throws -> Tensor
}

extension ClassifierNetwork {
    func callAsFunction(_ input: Tensor) throws -> Tensor { try logits(fromFeatures: features(input)) }
}

/// Convolutions with batch normalization and pooling down to between 3×3 and 6×6 pixels, a hidden layer of 96 units and
/// the output layer. It has as many levels as the image size requires, and about 100,000 parameters for 28×28 pixels.
final class DeepClassifierNetwork: ClassifierNetwork {
    private let levels: [Conv2d]
    private let norms: [BatchNorm]
    private let hidden, output: Linear

    /// The width of the last hidden layer.
    static let features = 96
    // The channels of the last levels. Earlier levels of larger images have 16, to limit their cost.
    private static let channels = [32, 48, 64]

    init(imageShape shape: [Int], classes: Int, device: Device) throws {
        var size = [shape[1], shape[2]]
        var count = 0
        while count < 2 || size.max() ?? 0 > 6, size.min() ?? 0 >= 2 {
            size = size.map { $0 / 2 }
            count += 1
        }
        let widths = (0..<count).map { level in
            let place = Self.channels.count - count + level
            return place < 0 ? Self.channels[0] / 2 : Self.channels[place]
        }
        levels = try zip([shape[0]] + widths, widths).map {
            try Conv2d($0, $1, kernel: 3, padding: 1, bias: false, device: device)
        }
        norms = try widths.map { try BatchNorm($0, device: device) }
        hidden = try Linear((widths.last ?? shape[0]) * size[0] * size[1], Self.features, device: device)
        output = try Linear(Self.features, classes, device: device)
    }

    func features(_ images: Tensor) throws -> Tensor {
        let pooled = try zip(levels, norms).reduce(images.channelsLast()) { image, level in
            try level.1(level.0(image)).relu(inPlace: true).maxPool2d(kernel: 2)
        }
        return try hidden(pooled.contiguous().flattened(from: 1)).relu()
    }

    func logits(fromFeatures features: Tensor) throws -> Tensor { try output(features) }

    func visit(_ visitor: StateVisitor) {
        for (index, (level, norm)) in zip(levels, norms).enumerated() {
            visitor.module("level\(index + 1)", level)
            visitor.module("norm\(index + 1)", norm)
        }
        visitor.module("hidden", hidden)
        visitor.module("output", output)
    }
}

/// Two convolutions with pooling, a hidden layer of 128 units and the output layer.
final class WideClassifierNetwork: ClassifierNetwork {
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

    func logits(fromFeatures features: Tensor) throws -> Tensor { try output(features) }

    func visit(_ visitor: StateVisitor) {
        visitor.module("first", first)
        visitor.module("second", second)
        visitor.module("hidden", hidden)
        visitor.module("output", output)
    }
}
