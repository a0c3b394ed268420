public import Torch

/// Two-dimensional convolution from `[batch, inputs, height, width]` with a weight `[outputs, inputs, kernel, kernel]`.
public final class Conv2d: SpectralLayer {
    public let weight: Tensor
    public let bias: Tensor?
    public let stride: Int
    public let padding: Int
    public var spectralNorm: SpectralNorm?

    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias hasBias: Bool = true,
        device: Device = .cpu
    ) throws {
        let fanIn = inputs * kernel * kernel
        weight = try Initializers.defaultUniform([outputs, inputs, kernel, kernel], fanIn: fanIn)
            .to(device).channelsLast().requiringGradient()
        bias = hasBias ? try Initializers.defaultBias(outputs, fanIn: fanIn).to(device).requiringGradient() : nil
        self.stride = stride
        self.padding = padding
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        try input.conv2d(weight: appliedWeight, bias: bias, stride: stride, padding: padding)
    }

    public func visit(_ visitor: StateVisitor) {
        visitWeight(visitor)
        visitor.parameter("bias", bias)
    }
}
