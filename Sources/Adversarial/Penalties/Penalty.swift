public import Torch

/// A term added to the discriminator's loss to regularize it. Every penalty is a mean over the batch, so that the mean
/// over equal parts of a batch is the penalty of the whole batch.
public protocol Penalty {
    /// Draws random numbers for a whole batch, `[batch, …]`, from the device's default random generator; `nil` if it
    /// needs none.
    func draw(for batch: Tensor) throws -> Tensor?

    /// Returns the penalty, a scalar that is differentiable with respect to the discriminator's parameters.
    ///
    /// - Parameters:
    ///   - part: a part of the batch.
    ///   - judge: the discriminator, from examples to logits `[count, 1]`.
    func callAsFunction(_ part: PenaltyPart, judge: (Tensor) throws -> Tensor) throws -> Tensor

    /// The examples of the part at which the penalty differentiates the logits that the loss computes anyway.
    var differentiatedExamples: PenaltyPart.Examples? { get }

    /// The state to save in checkpoints.
    var state: [(name: String, tensor: Tensor)] { get }

    /// Called after each update of the discriminator, with its mean logits over the batch.
    func updateState(realLogit: Tensor, fakeLogit: Tensor) throws
}

extension Penalty {
    public func draw(for batch: Tensor) throws -> Tensor? { nil }
    public var differentiatedExamples: PenaltyPart.Examples? { nil }
    public var state: [(name: String, tensor: Tensor)] { [] }
    public func updateState(realLogit: Tensor, fakeLogit: Tensor) throws {}
}

/// The inputs to a penalty for a part of a batch.
public struct PenaltyPart {
    /// One side of the part.
    public enum Examples: Sendable { case real, fake }

    public let real: Tensor
    /// As many generated examples, detached from the generator.
    public let fake: Tensor
    /// The discriminator's logits for both, `[count, 1]`.
    public let realLogits, fakeLogits: Tensor
    /// The part's share of the random numbers drawn by the penalty.
    public let drawn: Tensor?

    public init(real: Tensor, fake: Tensor, realLogits: Tensor, fakeLogits: Tensor, drawn: Tensor? = nil) {
        self.real = real
        self.fake = fake
        self.realLogits = realLogits
        self.fakeLogits = fakeLogits
        self.drawn = drawn
    }
}

/// A penalty with its weight and interval.
public struct WeightedPenalty {
    /// The suffix of the series `penalty_…`.
    public let name: String
    public let penalty: any Penalty
    public let weight: Double
    /// The penalty applies every `interval` steps, multiplied by `interval` (lazy regularization, Karras et al. 2020,
    /// arXiv 1912.04958, appendix B).
    public let interval: Int

    public init(_ name: String, _ penalty: any Penalty, weight: Double, interval: Int = 1) {
        self.name = name
        self.penalty = penalty
        self.weight = weight
        self.interval = max(1, interval)
    }

    func isDue(at step: Int) -> Bool { (step - 1) % interval == 0 }
}

/// The squared norm of the discriminator's gradient at each example, `[count]`; differentiable.
func squaredSlopes(at examples: Tensor, _ judge: (Tensor) throws -> Tensor) throws -> Tensor {
    let points = try examples.detached().requiringGradient()
    return try squaredSlopes(of: judge(points), at: points)
}

/// The squared norm of the gradient of logits, computed from examples that require gradients, at each example, `[count]`;
/// differentiable.
func squaredSlopes(of logits: Tensor, at examples: Tensor) throws -> Tensor {
    let slopes = try gradients(of: logits.sum(), for: [examples], createGraph: true)
    return try slopes[0].squared().sum(Array(1..<examples.rank))
}

/// (‖∇D‖ − 1)² of each example; the epsilon keeps the square root differentiable at 0.
func distanceFromUnitSlope(_ squared: Tensor) throws -> Tensor { try ((squared + 1e-12).squareRoot() - 1).squared() }
