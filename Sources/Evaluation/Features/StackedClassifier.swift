public import Torch

/// Classifies the modes of stacked images with a classifier for one channel: ten classes and three channels give a
/// thousand modes, in the order of the channels.
public final class StackedClassifier {
    private let channel: ImageClassifier
    private let channels: Int

    public init(_ channel: ImageClassifier, channels: Int = 3) {
        self.channel = channel
        self.channels = channels
    }

    private func eachChannel(_ images: Tensor, _ body: (Tensor) throws -> Tensor) throws -> [Tensor] {
        try (0..<channels).map { try body(images.slice($0..<$0 + 1, dimension: 1)) }
    }
}

extension StackedClassifier: ModeClassifier {
    public var name: String { "classifier of each channel" }

    public func callAsFunction(_ examples: Tensor) throws -> Tensor {
        try Tensor.concatenate(eachChannel(examples) { try channel($0) }, dimension: 1)
    }

    /// The products of the channels' class probabilities.
    public func probabilities(_ images: Tensor) throws -> Tensor {
        let parts = try eachChannel(images) { try channel.probabilities($0) }
        return try parts.dropFirst().reduce(parts[0]) { product, next in
            try (product.unsqueezed(2) * next.unsqueezed(1)).reshaped([images.shape[0], -1])
        }
    }
}
