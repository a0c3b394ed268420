public import Torch

/// Maps each image to a feature vector by which scores compare images.
public protocol FeatureExtractor {
    /// A short name for reports, such as `pixels`.
    var name: String { get }

    /// - Parameter examples: float32 `[batch, channels, height, width]` in [−1, 1], or points `[batch, dimensions]`.
    /// - Returns: float32 `[batch, dimensions]`.
    func callAsFunction(_ examples: Tensor) throws -> Tensor
}

extension FeatureExtractor {
    /// Computes the features of many examples, in batches that fit in memory.
    public func features(of examples: Tensor, part: Int = 500) throws -> Tensor {
        try withoutGradients {
            try Tensor.concatenate(
                ranges(of: examples.shape[0], size: part).map { try self(examples.slice($0)).to(.float32) })
        }
    }
}

/// The pixel values themselves, scaled to [0, 1] for images. They are sensitive to blur and noise, but also to a shift
/// by one pixel.
public struct PixelFeatures: FeatureExtractor {
    public init() {}
    public var name: String { "pixels" }

    public func callAsFunction(_ examples: Tensor) throws -> Tensor {
        examples.rank == 2 ? examples : try (examples.contiguous().flattened(from: 1) + 1) / 2
    }
}

/// Features computed by a network in a TorchScript file, such as Inception's pooled features.
///
/// The network takes float32 `[batch, channels, height, width]` in [−1, 1] and returns one tensor, which is flattened
/// to one vector per image.
public struct ScriptFeatures: FeatureExtractor {
    public let name: String
    private let module: ScriptModule

    public init(_ module: ScriptModule, name: String) {
        self.module = module
        self.name = name
    }

    public func callAsFunction(_ examples: Tensor) throws -> Tensor {
        let answer = try module(examples.contiguous().to(module.device))
        return answer.rank > 2 ? try answer.flattened(from: 1) : answer
    }
}
