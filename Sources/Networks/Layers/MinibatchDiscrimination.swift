public import Torch

/// Appends features that measure how close each example is to the others in its batch: from `[batch, features]` to
/// `[batch, features + kernels]`. Images `[batch, channels, height, width]` get additional constant channels.
///
/// For each kernel b, a matrix maps the features to `dimensions` values M_b, and o_b(x) = Σ exp(−‖M_b(x) − M_b(y)‖₁)
/// over the other examples y is appended. Uses memory for batch² · kernels · dimensions values.
///
/// Source: Salimans et al. 2016 (arXiv 1606.03498), section 3.2.
public final class MinibatchDiscrimination: BatchDependent {
    /// `[features, kernels · dimensions]`
    public let weight: Tensor
    public let kernels: Int
    public let dimensions: Int

    /// Initializes the weight so that its columns have norms near 1.
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
        // Subtract each example's similarity to itself, exp(0) = 1.
        let nearness = try (-distances).exponential().sum([1]) - 1
        guard input.rank == 4 else { return try Tensor.concatenate([input, nearness], dimension: 1) }
        let planes = try nearness.reshaped([count, kernels, 1, 1])
            .expanded([count, kernels, input.shape[2], input.shape[3]])
        return try Tensor.concatenate([input, planes], dimension: 1)
    }

    public func visit(_ visitor: StateVisitor) { visitor.parameter("weight", weight) }
}
