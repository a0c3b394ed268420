public import Torch

/// Transposed two-dimensional convolution of `[batch, inputs, height, width]` with a weight
/// `[inputs, outputs, kernel, kernel]`. Kernel 4, stride 2, padding 1 doubles height and width.
public final class ConvTranspose2d: SpectralLayer {
    public let weight: Tensor
    public let bias: Tensor?
    public let stride: Int
    public let padding: Int
    public var spectralNorm: SpectralNorm?
    public var outputDimension: Int { 1 }

    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias hasBias: Bool = true,
        device: Device = .cpu
    ) throws {
        // PyTorch computes the fan-in from the weight's second dimension, which here is the outputs.
        let fanIn = outputs * kernel * kernel
        weight = try Initializers.defaultUniform([inputs, outputs, kernel, kernel], fanIn: fanIn)
            .to(device).channelsLast().requiringGradient()
        bias = hasBias ? try Initializers.defaultBias(outputs, fanIn: fanIn).to(device).requiringGradient() : nil
        self.stride = stride
        self.padding = padding
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        try input.convTranspose2d(weight: appliedWeight, bias: bias, stride: stride, padding: padding)
    }

    public func visit(_ visitor: StateVisitor) {
        visitWeight(visitor)
        visitor.parameter("bias", bias)
    }
}
