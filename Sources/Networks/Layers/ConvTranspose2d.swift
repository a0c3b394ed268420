public import Torch

/// Transposed two-dimensional convolution from `[batch, inputs, height, width]` with a weight
/// `[inputs, outputs, kernel, kernel]`; kernel 4, stride 2, padding 1 doubles height and width.
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
        // PyTorch counts the second dimension of the weight, here the outputs, as what flows in.
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
