public import Torch

/// The zero-centered gradient penalty ½ ‖∇D‖² at real examples (R1) or generated ones (R2). It flattens the
/// discriminator where the two distributions agree, so that the game can converge.
///
/// Source: Mescheder et al. 2018 (arXiv 1801.04406), equations 9 and 10; R1 and R2 together: R3GAN (arXiv 2501.05441).
public struct ZeroCenteredPenalty: Penalty {
    private let side: PenaltyPart.Examples

    /// - Parameter side: the real examples for R1, the generated ones for R2.
    public init(at side: PenaltyPart.Examples) { self.side = side }

    public var differentiatedExamples: PenaltyPart.Examples? { side }

    public func callAsFunction(_ part: PenaltyPart, judge: (Tensor) throws -> Tensor) throws -> Tensor {
        let (examples, logits) = side == .real ? (part.real, part.realLogits) : (part.fake, part.fakeLogits)
        let slopes =
            try examples.requiresGradient
            ? squaredSlopes(of: logits, at: examples) : squaredSlopes(at: examples, judge)
        return try slopes.mean() / 2
    }
}
