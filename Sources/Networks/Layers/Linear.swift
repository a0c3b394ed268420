public import Torch

/// y = x Wᵀ + b, with W `[outputs, inputs]`, from `[batch, inputs]` to `[batch, outputs]`.
public final class Linear: Module {
    public let weight: Tensor
    public let bias: Tensor?

    public init(_ inputs: Int, _ outputs: Int, bias hasBias: Bool = true, device: Device = .cpu) throws {
        weight = try Initializers.defaultUniform([outputs, inputs], fanIn: inputs).to(device).requiringGradient()
        bias =
            hasBias
            ? try Initializers.defaultBias(outputs, fanIn: inputs).to(device).requiringGradient() : nil
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        try input.linear(weight: weight, bias: bias)
    }

    public func visit(_ visitor: StateVisitor) {
        visitor.parameter("weight", weight)
        visitor.parameter("bias", bias)
    }
}
