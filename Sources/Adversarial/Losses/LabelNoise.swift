public import Torch

/// Labels that are not quite true, for the cross-entropies' discriminator: real ones of 1 − `smoothing` in place of 1, and a share of all
/// labels the wrong way round. Smoothing is one-sided: labels of generated examples stay at 0.
///
/// The cross-entropy of a label t is t softplus(−l) + (1 − t) softplus(l), with l the logit.
///
/// Source: Salimans et al. 2016 (arXiv 1606.03498), section 3.4; flips: Chintala et al. 2016 (ganhacks, tip 6).
public struct LabelNoise: Sendable {
    public var smoothing: Double
    /// The share of labels that are flipped, drawn anew for each example.
    public var flips: Double

    public init(smoothing: Double = 0, flips: Double = 0) {
        self.smoothing = smoothing
        self.flips = flips
    }

    public var isNone: Bool { smoothing == 0 && flips == 0 }

    /// The discriminator's loss on real and on generated examples.
    ///
    /// - Parameters:
    ///   - real, fake: logits `[count, 1]`.
    ///   - draws: numbers from 0 to 1, `[count, 2]`: for real examples and for generated ones; without them none is flipped.
    public func discriminator(real: Tensor, fake: Tensor, draws: Tensor?) throws -> (real: Tensor, fake: Tensor) {
        func flipped(_ column: Int) throws -> Tensor {
            guard let draws else { return try real.zerosLike().detached() }
            return try (draws.slice(column..<column + 1, dimension: 1) .< flips).to(.float32)
        }
        // A flipped label of a real example is 0, one of a generated example 1.
        let realLabels = try (1 - flipped(0)) * (1 - smoothing)
        let fakeLabels = try flipped(1)
        return (try crossEntropy(real, realLabels), try crossEntropy(fake, fakeLabels))
    }

    private func crossEntropy(_ logits: Tensor, _ labels: Tensor) throws -> Tensor {
        try (labels * (-logits).softplus() + (1 - labels) * logits.softplus()).mean()
    }
}
