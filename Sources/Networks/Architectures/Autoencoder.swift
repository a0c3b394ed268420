public import Torch

/// A discriminator that scores examples by reconstruction error: from `[batch, …]` to the mean absolute error of each
/// example, `[batch, 1]`.
///
/// Source: BEGAN (Berthelot et al. 2017, arXiv 1703.10717), whose decoder has the generator's architecture.
public final class AutoencoderDiscriminator: Module {
    public let encoder: any Module
    public let decoder: any Module

    /// - Parameters:
    ///   - encoder: from examples to codes `[batch, code]`.
    ///   - decoder: from codes to examples.
    public init(encoder: any Module, decoder: any Module) {
        self.encoder = encoder
        self.decoder = decoder
    }

    public func callAsFunction(_ examples: Tensor) throws -> Tensor {
        let errors = try (examples - decoder(encoder(examples))).magnitude()
        return try errors.flattened(from: 1).mean([1], keepingDimensions: true)
    }

    public func visit(_ visitor: StateVisitor) {
        visitor.module("encoder", encoder)
        visitor.module("decoder", decoder)
    }
}
