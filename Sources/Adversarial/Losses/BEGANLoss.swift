public import Torch

/// Boundary equilibrium (BEGAN): the discriminator is an autoencoder whose reconstruction error L takes the place of
/// the logit. Discriminator L(x) − k L(f), generator L(f). After each step, k ← k + λ (γ L(x) − L(f)), clamped to
/// [0, 1], keeps the two errors at the ratio γ.
///
/// The convergence measure M = L(x) + |γ L(x) − L(f)| falls as the training converges.
///
/// Source: Berthelot et al. 2017 (arXiv 1703.10717); γ between 0.3 (less diverse, sharper) and 0.75, λ 0.001.
public final class BEGANLoss: AdversarialLoss {
    /// The weight of the error on generated examples, a scalar that starts at 0.
    private let k: Tensor
    private let ratio: Double
    private let rate: Double

    public init(ratio: Double = 0.75, rate: Double = 0.001, device: Device = .cpu) throws {
        k = try Tensor.zeros([], device: device)
        self.ratio = ratio
        self.rate = rate
    }

    public var state: [(name: String, tensor: Tensor)] { [("began_k", k)] }

    public func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor) {
        (try real.mean(), try -(k * fake.mean()))
    }

    public func generator(fake: Tensor, real: Tensor?) throws -> Tensor { try fake.mean() }

    public func updateState(real: Tensor, generator: Tensor) throws -> [(name: String, value: Tensor)] {
        let imbalance = try ratio * real - generator
        let measure = try real + imbalance.magnitude()
        try k.addInPlace(imbalance, scale: rate)
        try k.clampInPlace(0, 1)
        // Copy the value: the next step modifies k in place.
        return [("began_k", try k + 0), ("convergence_measure", measure)]
    }
}
