public import Torch

/// x where positive, slope · x elsewhere. Overwrites its input, like PyTorch's `inplace=True`.
public final class LeakyReLU: Rectifier {
    public let slope: Double
    public init(_ slope: Double) { self.slope = slope }
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.leakyReLU(slope: slope, inPlace: true) }
}

/// max(0, x). Overwrites its input, like PyTorch's `inplace=True`, unless created with `inPlace: false`.
public final class ReLU: Rectifier {
    public let slope = 0.0
    private let inPlace: Bool
    public init(inPlace: Bool = true) { self.inPlace = inPlace }
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.relu(inPlace: inPlace) }
}

/// tanh, which maps to (−1, 1), the value range of images.
public final class Tanh: Module {
    public init() {}
    public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.tanh() }
}
