public import Torch

/// Tells a network how near each example of a batch lies to the others: from `[batch, features]` to `[batch, features + kernels]`. Images
/// `[batch, channels, height, width]` get further channels, each of one value.
///
/// For each kernel b, features are mapped to `dimensions` numbers M_b, and o_b(x) = Σ over the other examples y of
/// exp(−‖M_b(x) − M_b(y)‖₁) is laid behind them. It takes memory for batch² · kernels · dimensions numbers.
///
/// Source: Salimans et al. 2016 (arXiv 1606.03498), section 3.2.
public final class MinibatchDiscrimination: BatchDependent {
    /// `[features, kernels · dimensions]`
    public let weight: Tensor
    public let kernels: Int
    public let dimensions: Int

    /// Maps start with columns of a length around 1.
    public init(_ features: Int, kernels: Int, dimensions: Int = 5, device: Device = .cpu) throws {
        self.kernels = kernels
        self.dimensions = dimensions
        weight = try Initializers.normal(
            [features, kernels * dimensions], deviation: 1 / Double(features).squareRoot()
        ).to(device).requiringGradient()
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        let count = input.shape[0]
        let maps = try input.flattened(from: 1).matmul(weight).to(.float32)
            .reshaped([count, kernels, dimensions])
        let distances = try (maps.unsqueezed(1) - maps.unsqueezed(0)).magnitude().sum([3])
        // Each example is as near as can be to itself, which says nothing.
        let nearness = try (-distances).exponential().sum([1]) - 1
        guard input.rank == 4 else { return try Tensor.concatenate([input, nearness], dimension: 1) }
        let planes = try nearness.reshaped([count, kernels, 1, 1])
            .expanded([count, kernels, input.shape[2], input.shape[3]])
        return try Tensor.concatenate([input, planes], dimension: 1)
    }

    public func visit(_ visitor: StateVisitor) { visitor.parameter("weight", weight) }
}
