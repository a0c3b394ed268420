public import Torch

/// Hinge loss: discriminator max(0, 1 − D(x)) + max(0, 1 + D(f)), generator −D(f), where D is the network's raw output.
///
/// Source: Lim and Ye 2017 (arXiv 1705.02894); Miyato et al. 2018 (arXiv 1802.05957), equations 16 and 17.
public struct HingeLoss: AdversarialLoss {
    public init() {}

    public func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor) {
        (try (1 - real).relu().mean(), try (1 + fake).relu().mean())
    }

    public func generator(fake: Tensor, real: Tensor?) throws -> Tensor { try -(fake.mean()) }
}
