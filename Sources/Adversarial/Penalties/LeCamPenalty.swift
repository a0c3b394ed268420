public import Torch

/// LeCam regularization: (D(x) − α_F)² + (D(f) − α_R)², where α_R and α_F are moving averages of the discriminator's
/// logits for real and generated examples. It helps most with little data.
///
/// The averages are corrected for their initialization at 0, like Adam's moments. Before the first update, the penalty
/// is 0.
///
/// Source: Tseng et al. 2021 (arXiv 2104.03310).
public final class LeCamPenalty: Penalty {
    /// The uncorrected moving averages of the logits for real and generated examples.
    private let real, fake: Tensor
    /// The total weight of the logits in the averages, 0 before the first update.
    private let share: Tensor
    private let decay: Double

    public init(decay: Double = 0.99, device: Device = .cpu) throws {
        real = try Tensor.zeros([], device: device)
        fake = try Tensor.zeros([], device: device)
        share = try Tensor.zeros([], device: device)
        self.decay = decay
    }

    public var state: [(name: String, tensor: Tensor)] {
        [("lecam_real", real), ("lecam_fake", fake), ("lecam_share", share)]
    }

    public func callAsFunction(_ part: PenaltyPart, judge: (Tensor) throws -> Tensor) throws -> Tensor {
        let isKnown = try (share .> 0).to(.float32)
        let known = try share + (1 - isKnown)
        return try
            ((part.realLogits - fake / known).squared().mean() + (part.fakeLogits - real / known).squared().mean())
            * isKnown
    }

    public func updateState(realLogit: Tensor, fakeLogit: Tensor) throws {
        for (average, value) in [
            (real, realLogit), (fake, fakeLogit), (share, try Tensor.ones([], device: share.device)),
        ] {
            try average.multiplyInPlace(by: decay)
            try average.addInPlace(value, scale: 1 - decay)
        }
    }
}
