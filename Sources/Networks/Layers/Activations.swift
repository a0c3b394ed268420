public import Torch

/// x where positive, slope · x elsewhere. It overwrites its input, as PyTorch's does with `inplace=True`.
public final class LeakyReLU: Rectifier {
    public let slope: Double
    public init(_ slope: Double) { self.slope = slope }
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.leakyReLU(slope: slope, inPlace: true) }
}

/// max(0, x). It overwrites its input, as PyTorch's does with `inplace=True`, unless that is needed elsewhere.
public final class ReLU: Rectifier {
    public let slope = 0.0
    private let inPlace: Bool
    public init(inPlace: Bool = true) { self.inPlace = inPlace }
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.relu(inPlace: inPlace) }
}

/// Squeezes into (−1, 1), the range of the pictures.
public final class Tanh: Module {
    public init() {}
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.tanh() }
}
