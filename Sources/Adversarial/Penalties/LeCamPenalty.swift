public import Torch

/// Keeps the discriminator's answers near where they were: (D(x) − α_F)² + (D(f) − α_R)², with α_R and α_F the moving averages of its
/// answers to real and to generated examples. It helps most with little data.
///
/// Source: Tseng et al. 2021 (arXiv 2104.03310).
public final class LeCamPenalty: Penalty {
    /// The moving averages of the answers to real and to generated examples.
    private let real, fake: Tensor
    private let decay: Double

    public init(decay: Double = 0.99, device: Device = .cpu) throws {
        real = try Tensor.zeros([], device: device)
        fake = try Tensor.zeros([], device: device)
        self.decay = decay
    }

    public var looksAtSlopes: Bool { false }
    public var state: [(name: String, tensor: Tensor)] { [("lecam_real", real), ("lecam_fake", fake)] }

    public func callAsFunction(_ part: PenaltyPart, judge: (Tensor) throws -> Tensor) throws -> Tensor {
        try (part.realLogits - fake).squared().mean() + (part.fakeLogits - real).squared().mean()
    }

    public func followUpdate(realLogit: Tensor, fakeLogit: Tensor) throws {
        for (average, value) in [(real, realLogit), (fake, fakeLogit)] {
            try average.multiplyInPlace(by: decay)
            try average.addInPlace(value, scale: 1 - decay)
        }
    }
}
