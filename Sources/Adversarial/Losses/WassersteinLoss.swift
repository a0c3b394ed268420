public import Torch

/// The critic's estimate of the earth mover's distance: critic −D(x) + D(f), generator −D(f), where D is the network's
/// raw output and its gradient is bounded by weight clipping or a penalty.
///
/// Source: Arjovsky et al. 2017 (arXiv 1701.07875), algorithm 1; Gulrajani et al. 2017 (arXiv 1704.00028).
public struct WassersteinLoss: AdversarialLoss {
    public init() {}

    public func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor) {
        (try -(real.mean()), try fake.mean())
    }

    public func generator(fake: Tensor, real: Tensor?) throws -> Tensor { try -(fake.mean()) }
}
