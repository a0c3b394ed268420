public import Torch

/// Normalizes each channel by the batch's mean and variance, then scales and shifts it (Ioffe and Szegedy 2015, arXiv
/// 1502.03167). Takes `[batch, channels]` or `[batch, channels, height, width]`.
public final class BatchNorm: BatchDependent, ModeDependent {
    public let weight: Tensor
    public let bias: Tensor
    public let runningMean: Tensor
    public let runningVariance: Tensor
    /// The number of batches that have updated the running statistics.
    public let batchesTracked: Tensor
    public var isTraining = true

    public init(_ channels: Int, device: Device = .cpu) throws {
        weight = try Tensor.ones([channels], device: device).requiringGradient()
        bias = try Tensor.zeros([channels], device: device).requiringGradient()
        runningMean = try Tensor.zeros([channels], device: device)
        runningVariance = try Tensor.ones([channels], device: device)
        batchesTracked = try Tensor.zeros([], dtype: .int64, device: device)
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        if isTraining {
            try withoutGradients {
                try batchesTracked.addInPlace(Tensor.ones([], dtype: .int64, device: batchesTracked.device))
            }
        }
        return try input.batchNorm(
            weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
            training: isTraining)
    }

    public func visit(_ visitor: StateVisitor) {
        visitor.parameter("weight", weight)
        visitor.parameter("bias", bias)
        visitor.buffer("running_mean", runningMean)
        visitor.buffer("running_var", runningVariance)
        visitor.buffer("num_batches_tracked", batchesTracked)
    }
}
