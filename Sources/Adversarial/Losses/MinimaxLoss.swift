public import Torch

/// The original minimax loss: discriminator −log D(x) − log(1 − D(f)), generator log(1 − D(f)), where D is the sigmoid
/// of the logit, so that log(1 − D) = −softplus(logit). The generator's gradient vanishes while the discriminator is
/// winning.
///
/// Source: Goodfellow et al. 2014 (arXiv 1406.2661), equation 1.
public struct MinimaxLoss: AdversarialLoss {
    public init() {}

    public var hasProbabilities: Bool { true }

    public func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor) {
        (try (-real).softplus().mean(), try fake.softplus().mean())
    }

    public func generator(fake: Tensor, real: Tensor?) throws -> Tensor { try -(fake.softplus().mean()) }
}
