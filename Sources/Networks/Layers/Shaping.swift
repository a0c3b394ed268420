public import Torch

/// Flattens `[batch, …]` to `[batch, features]`, in the order channel, row, column.
public final class Flatten: Module {
    public init() {}
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.flattened(from: 1) }
}

/// Reshapes `[batch, features]` to `[batch, channels, height, width]` in channels-last memory layout.
public final class ToImage: Module {
    public let shape: [Int]
    public init(channels: Int, height: Int, width: Int) { shape = [channels, height, width] }
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.reshaped([-1] + shape).channelsLast() }
}
