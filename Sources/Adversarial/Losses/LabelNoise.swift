public import Torch

/// Noisy labels for the discriminator's cross-entropy: the label of real examples is 1 − `smoothing` instead of 1, and
/// a share of all labels is flipped. Smoothing is one-sided: the labels of generated examples stay 0.
///
/// The cross-entropy for a label t and logit l is t softplus(−l) + (1 − t) softplus(l).
///
/// Source: Salimans et al. 2016 (arXiv 1606.03498), section 3.4; flips: Chintala et al. 2016 (ganhacks, tip 6).
public struct LabelNoise: Sendable {
    public var smoothing: Double
    /// The share of labels that are flipped, drawn for each example.
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
    ///   - draws: uniform values in [0, 1), `[count, 2]`, for real and for generated examples; `nil` flips no labels.
    public func discriminator(real: Tensor, fake: Tensor, draws: Tensor?) throws -> (real: Tensor, fake: Tensor) {
        func flipped(_ column: Int) throws -> Tensor {
            guard let draws else { return try real.zerosLike().detached() }
            return try (draws.slice(column..<column + 1, dimension: 1) .< flips).to(.float32)
        }
        // Flipping sets the label of a real example to 0 and that of a generated example to 1.
        let realLabels = try (1 - flipped(0)) * (1 - smoothing)
        let fakeLabels = try flipped(1)
        return (try crossEntropy(real, realLabels), try crossEntropy(fake, fakeLabels))
    }

    private func crossEntropy(_ logits: Tensor, _ labels: Tensor) throws -> Tensor {
        try (labels * (-logits).softplus() + (1 - labels) * logits.softplus()).mean()
    }
}
