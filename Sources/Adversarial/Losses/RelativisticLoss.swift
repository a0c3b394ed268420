public import Torch

/// Relativistic pairing, which compares each real example with a generated one: discriminator softplus(−(D(x) − D(f))),
/// generator softplus(−(D(f) − D(x))). Half of the discriminator's single loss is recorded as its loss on real examples
/// and half as its loss on generated ones.
///
/// Source: Jolicoeur-Martineau 2018 (arXiv 1807.00734); R3GAN (arXiv 2501.05441), with R1 and R2.
public struct RelativisticLoss: AdversarialLoss {
    public init() {}
    public var generatorNeedsReal: Bool { true }

    public func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor) {
        let half = try (fake - real).softplus().mean() / 2
        return (half, half)
    }

    public func generator(fake: Tensor, real: Tensor?) throws -> Tensor {
        guard let real else {
            throw TorchError(.invalidOperation, "The relativistic pairing loss requires the logits of real examples.")
        }
        return try (real - fake).softplus().mean()
    }
}
