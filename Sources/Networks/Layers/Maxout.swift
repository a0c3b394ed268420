public import Torch

/// For each output, the maximum of several linear functions of the input: from `[batch, inputs]` to `[batch, outputs]`.
///
/// Source: Goodfellow et al. 2013 (arXiv 1302.4389).
public final class Maxout: Activation {
    public let linear: Linear
    private let pieces: Int

    public init(_ inputs: Int, _ outputs: Int, pieces: Int, device: Device = .cpu) throws {
        linear = try Linear(inputs, outputs * pieces, device: device)
        self.pieces = pieces
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        try linear(input).reshaped([input.shape[0], -1, pieces]).maximum(over: [2])
    }

    public func visit(_ visitor: StateVisitor) { visitor.module("linear", linear) }
}
