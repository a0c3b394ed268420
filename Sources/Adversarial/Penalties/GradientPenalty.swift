public import Torch

/// WGAN-GP's gradient penalty, which pulls the gradient norm to 1 on straight lines between real and generated
/// examples: (‖∇D(x̂)‖ − 1)², x̂ = εx + (1 − ε)f, with one ε in [0, 1) per example.
///
/// Source: Gulrajani et al. 2017 (arXiv 1704.00028), algorithm 1; weight 10.
public struct GradientPenalty: Penalty {
    public init() {}

    public func draw(for batch: Tensor) throws -> Tensor? {
        let shape = [batch.shape[0]] + [Int](repeating: 1, count: batch.rank - 1)
        return try Tensor.randomUniform(shape, device: batch.device)
    }

    public func callAsFunction(_ part: PenaltyPart, judge: (Tensor) throws -> Tensor) throws -> Tensor {
        let share = try part.drawn ?? Tensor.zeros([1], device: part.real.device)
        let between = try part.fake + share * (part.real - part.fake)
        return try distanceFromUnitSlope(squaredSlopes(at: between, judge)).mean()
    }
}
