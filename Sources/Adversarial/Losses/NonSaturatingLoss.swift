public import Torch

/// The non-saturating loss: discriminator −log D(x) − log(1 − D(f)), generator −log D(f), where D is the sigmoid of the
/// logit, so that −log D = softplus(−logit).
///
/// Source: Goodfellow et al. 2014 (arXiv 1406.2661), section 3; also the article's loss.
public struct NonSaturatingLoss: AdversarialLoss {
    public init() {}

    public var hasProbabilities: Bool { true }

    public func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor) {
        (try (-real).softplus().mean(), try fake.softplus().mean())
    }

    public func generator(fake: Tensor, real: Tensor?) throws -> Tensor {
        try (-fake).softplus().mean()
    }
}
