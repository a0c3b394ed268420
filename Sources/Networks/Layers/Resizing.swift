public import Torch

/// Doubles height and width.
public final class Upsample: Module {
    private let interpolation: Tensor.Interpolation
    public init(_ interpolation: Tensor.Interpolation) { self.interpolation = interpolation }
    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        try input.resampled(height: 2 * input.shape[2], width: 2 * input.shape[3], by: interpolation)
    }
}

/// Halves height and width by averaging 2×2 pixels.
public final class AveragePool: Module {
    public init() {}
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.averagePool2d(kernel: 2) }
}

/// Sums over all positions: from `[batch, channels, height, width]` to `[batch, channels]`.
public final class SumOverPlaces: Module {
    public init() {}
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.sum([2, 3]) }
}
