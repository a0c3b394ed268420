public import Torch

/// Two-dimensional convolution of `[batch, inputs, height, width]` with a weight
/// `[outputs, inputs / groups, kernel, kernel]`.
public final class Conv2d: SpectralLayer {
    public let weight: Tensor
    public let bias: Tensor?
    public let stride: Int
    public let padding: Int
    public let groups: Int
    public var spectralNorm: SpectralNorm?

    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1,
        bias hasBias: Bool = true, device: Device = .cpu
    ) throws {
        let fanIn = inputs / groups * kernel * kernel
        weight = try Initializers.defaultUniform([outputs, inputs / groups, kernel, kernel], fanIn: fanIn)
            .to(device).channelsLast().requiringGradient()
        bias = hasBias ? try Initializers.defaultBias(outputs, fanIn: fanIn).to(device).requiringGradient() : nil
        self.stride = stride
        self.padding = padding
        self.groups = groups
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        try input.conv2d(weight: appliedWeight, bias: bias, stride: stride, padding: padding, groups: groups)
    }

    public func visit(_ visitor: StateVisitor) {
        visitWeight(visitor)
        visitor.parameter("bias", bias)
    }
}
