public import Torch

/// The slope should be 1 around the data: (‖∇D(x + α δ)‖ − 1)², δ = ½ σ u with σ the deviation of all values of the batch, u from 0
/// to 1 for each value, and α from 0 to 1 for each example.
///
/// Source: Kodali et al. 2017 (arXiv 1705.07215), with the noise of the authors' code, which looks anywhere between an example and
/// its shifted copy; weight 10.
public struct DraganPenalty: Penalty {
    public init() {}

    /// The noise itself, so that parts of a batch share the batch's deviation.
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
