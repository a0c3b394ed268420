public import Torch

/// What scores compare images by: a vector for each image.
public protocol FeatureExtractor {
    /// A few words for reports, such as `pixels`.
    var name: String { get }

    /// - Parameter examples: float32 `[batch, channels, height, width]` in [−1, 1], or points `[batch, dimensions]`.
    /// - Returns: float32 `[batch, dimensions]`.
    func callAsFunction(_ examples: Tensor) throws -> Tensor
}

extension FeatureExtractor {
    /// The features of many examples, in parts that fit in memory.
    public func features(of examples: Tensor, part: Int = 500) throws -> Tensor {
        try withoutGradients {
            try Tensor.concatenate(
                ranges(of: examples.shape[0], size: part).map { try self(examples.slice($0)).to(.float32) })
        }
    }
}

/// The values themselves, from 0 to 1 for images. They see blur and noise, and take a shift by a pixel for a change.
public struct PixelFeatures: FeatureExtractor {
    public init() {}
    public var name: String { "pixels" }

    public func callAsFunction(_ examples: Tensor) throws -> Tensor {
        examples.rank == 2 ? examples : try (examples.contiguous().flattened(from: 1) + 1) / 2
    }
}

/// What a network in a TorchScript file makes of images, such as Inception's pooled features.
///
/// The file takes float32 `[batch, channels, height, width]` in [−1, 1] and answers with one tensor, of which everything
/// after the batch is taken as one vector.
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
