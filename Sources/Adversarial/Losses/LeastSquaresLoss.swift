public import Torch

/// Least squares: discriminator (D(x) − 1)² + D(f)², generator (D(f) − 1)², where D is the network's raw output.
///
/// Source: Mao et al. 2016 (arXiv 1611.04076), equation 9, without the factor ½, as in the comparison by Lucic et al.
/// 2018.
public struct LeastSquaresLoss: AdversarialLoss {
    public init() {}

    public func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor) {
        (try (real - 1).squared().mean(), try fake.squared().mean())
    }

    public func generator(fake: Tensor, real: Tensor?) throws -> Tensor { try (fake - 1).squared().mean() }
}
