public import Torch

/// y = x Wᵀ + b, with W `[outputs, inputs]`, from `[batch, inputs]` to `[batch, outputs]`.
public final class Linear: SpectralLayer {
    public let weight: Tensor
    public let bias: Tensor?
    public var spectralNorm: SpectralNorm?

    public init(_ inputs: Int, _ outputs: Int, bias hasBias: Bool = true, device: Device = .cpu) throws {
        weight = try Initializers.defaultUniform([outputs, inputs], fanIn: inputs).to(device).requiringGradient()
        bias =
            hasBias
            ? try Initializers.defaultBias(outputs, fanIn: inputs).to(device).requiringGradient() : nil
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        try input.linear(weight: appliedWeight, bias: bias)
    }

    public func visit(_ visitor: StateVisitor) {
        visitWeight(visitor)
        visitor.parameter("bias", bias)
    }
}
