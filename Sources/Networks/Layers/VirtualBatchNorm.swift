public import Torch

/// Batch norm by the statistics of a fixed reference batch and of the example itself, so that an example does not
/// depend on the others in its batch.
///
/// The input holds the reference batch first, then the examples: `[reference + batch, channels]` or
/// `[…, channels, height, width]`. An example's own mean and mean square get weight 1/(n + 1), and those of the n
/// reference examples the remaining weight. The reference batch is normalized by its own statistics.
///
/// Source: Salimans et al. 2016 (arXiv 1606.03498), section 3.5.
public final class VirtualBatchNorm: Module {
    public let weight: Tensor
    public let bias: Tensor
    private let referenceCount: Int
    private static let epsilon = 1e-5

    public init(_ channels: Int, reference: Int, device: Device = .cpu) throws {
        weight = try Tensor.ones([channels], device: device).requiringGradient()
        bias = try Tensor.zeros([channels], device: device).requiringGradient()
        referenceCount = reference
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        // Mean squares need float32 precision.
        let input = try input.to(.float32)
        let reference = try input.slice(0..<referenceCount)
        let examples = try input.slice(referenceCount..<input.shape[0])
        let places = Array(2..<input.rank)
        func mean(_ values: Tensor, over dimensions: [Int]) throws -> Tensor {
            dimensions.isEmpty ? values : try values.mean(dimensions, keepingDimensions: true)
        }
        let ofReference = (
            mean: try mean(reference, over: [0] + places), square: try mean(reference.squared(), over: [0] + places)
        )
        let share = 1 / Double(referenceCount + 1)
        let ofExamples = (
            mean: try mean(examples, over: places) * share + ofReference.mean * (1 - share),
            square: try mean(examples.squared(), over: places) * share + ofReference.square * (1 - share)
        )
        return try Tensor.concatenate([normalized(reference, ofReference), normalized(examples, ofExamples)])
    }

    private func normalized(_ values: Tensor, _ statistics: (mean: Tensor, square: Tensor)) throws -> Tensor {
        // Rounding can make a zero variance slightly negative.
        let variance = try (statistics.square - statistics.mean.squared()).clamped(0, 1e30)
        let scale = try shaped(weight, values) / (variance + VirtualBatchNorm.epsilon).squareRoot()
        return try (values - statistics.mean) * scale + shaped(bias, values)
    }

    private func shaped(_ parameter: Tensor, _ values: Tensor) throws -> Tensor {
        try parameter.reshaped([1, -1] + Array(repeating: 1, count: values.rank - 2))
    }

    public func visit(_ visitor: StateVisitor) {
        visitor.parameter("weight", weight)
        visitor.parameter("bias", bias)
    }
}

/// Prepends a fixed reference batch to every input of a network with virtual batch norm. Its state has the network's
/// own names, plus `reference`.
public final class ReferencedNetwork: Module {
    private let network: any Module
    private let reference: Tensor

    /// - Parameter reference: the fixed batch; its size must match the network's virtual batch norm layers.
    public init(_ network: any Module, reference: Tensor) {
        self.network = network
        self.reference = reference
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        let count = reference.shape[0]
        return try network(Tensor.concatenate([reference, input])).slice(count..<count + input.shape[0])
    }

    public func visit(_ visitor: StateVisitor) {
        network.visit(visitor)
        visitor.buffer("reference", reference)
    }
}

/// The kind of normalization in a network's layers.
public enum Normalization: Sendable {
    case batch
    /// By a fixed batch of this many inputs, which precede the others.
    case virtualBatch(reference: Int)

    func layer(_ channels: Int, device: Device) throws -> any Module {
        switch self {
        case .batch: try BatchNorm(channels, device: device)
        case .virtualBatch(let reference): try VirtualBatchNorm(channels, reference: reference, device: device)
        }
    }
}
