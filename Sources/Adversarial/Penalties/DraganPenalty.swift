public import Torch

/// DRAGAN's gradient penalty, which pulls the gradient norm to 1 around the data: (‖∇D(x + α δ)‖ − 1)², δ = ½ σ u,
/// where σ is the standard deviation of all values of the batch, u is uniform in [0, 1) per value, and α is uniform in
/// [0, 1) per example.
///
/// Source: Kodali et al. 2017 (arXiv 1705.07215), with the noise of the authors' code, which evaluates the gradient
/// anywhere between an example and its perturbed copy; weight 10.
public struct DraganPenalty: Penalty {
    public init() {}

    /// Draws the noise itself, so that all parts of a batch use the whole batch's standard deviation.
    public func draw(for batch: Tensor) throws -> Tensor? {
        let noise = try Tensor.randomUniform(batch.shape, device: batch.device)
        let deviation = try batch.contiguous().flattened().variance([0], correction: 1).squareRoot()
        let reach = try Tensor.randomUniform(
            [batch.shape[0]] + batch.shape.dropFirst().map { _ in 1 }, device: batch.device)
        return try noise * deviation * 0.5 * reach
    }

    public func callAsFunction(_ part: PenaltyPart, judge: (Tensor) throws -> Tensor) throws -> Tensor {
        let noise = try part.drawn ?? Tensor.zeros([1], device: part.real.device)
        return try distanceFromUnitSlope(squaredSlopes(at: part.real + noise, judge)).mean()
    }
}
