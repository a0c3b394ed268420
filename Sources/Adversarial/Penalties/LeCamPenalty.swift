public import Torch

/// Keeps the discriminator's answers near where they were: (D(x) − α_F)² + (D(f) − α_R)², with α_R and α_F the moving averages of its
/// answers to real and to generated examples. It helps most with little data.
///
/// The averages are corrected for their start at 0, as Adam's moments are, and hold nothing back before there is one.
///
/// Source: Tseng et al. 2021 (arXiv 2104.03310).
public final class LeCamPenalty: Penalty {
    /// The moving averages of the answers to real and to generated examples.
    private let real, fake: Tensor
    /// How much of the averages is of answers, from 0 before the first.
    private let share: Tensor
    private let decay: Double

    public init(decay: Double = 0.99, device: Device = .cpu) throws {
        real = try Tensor.zeros([], device: device)
        fake = try Tensor.zeros([], device: device)
        share = try Tensor.zeros([], device: device)
        self.decay = decay
    }

    public var looksAtSlopes: Bool { false }
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

    public func followUpdate(realLogit: Tensor, fakeLogit: Tensor) throws {
        for (average, value) in [
            (real, realLogit), (fake, fakeLogit), (share, try Tensor.ones([], device: share.device)),
        ] {
            try average.multiplyInPlace(by: decay)
            try average.addInPlace(value, scale: 1 - decay)
        }
    }
}
