public import Torch

/// What is added to the discriminator's loss to keep it in bounds. Every penalty is a mean over the batch, so that the
/// mean of equal parts of a batch is the penalty of the whole.
public protocol Penalty {
    /// What it draws for a whole batch, `[batch, …]`, from the device's default random generator; `nil` if it draws nothing.
    func draw(for batch: Tensor) throws -> Tensor?

    /// The penalty, a scalar that can be differentiated with respect to the discriminator's parameters.
    ///
    /// - Parameters:
    ///   - part: a part of the batch.
    ///   - judge: the discriminator: examples to logits `[count, 1]`.
    func callAsFunction(_ part: PenaltyPart, judge: (Tensor) throws -> Tensor) throws -> Tensor

    /// Whether it looks at the discriminator's slope at single examples, which batch norm in it would make meaningless.
    var looksAtSlopes: Bool { get }

    /// What it remembers from step to step, for checkpoints.
    var state: [(name: String, tensor: Tensor)] { get }

    /// What follows an update of the discriminator, with its mean answers to the batch.
    func followUpdate(realLogit: Tensor, fakeLogit: Tensor) throws
}

extension Penalty {
    public func draw(for batch: Tensor) throws -> Tensor? { nil }
    public var looksAtSlopes: Bool { true }
    public var state: [(name: String, tensor: Tensor)] { [] }
    public func followUpdate(realLogit: Tensor, fakeLogit: Tensor) throws {}
}

/// A part of a batch, as penalties see it.
public struct PenaltyPart {
    public let real: Tensor
    /// As many generated examples, cut off from the generator.
    public let fake: Tensor
    /// The discriminator's answers to both, `[count, 1]`.
    public let realLogits, fakeLogits: Tensor
    /// The part's share of what the penalty drew.
    public let drawn: Tensor?

    public init(real: Tensor, fake: Tensor, realLogits: Tensor, fakeLogits: Tensor, drawn: Tensor? = nil) {
        self.real = real
        self.fake = fake
        self.realLogits = realLogits
        self.fakeLogits = fakeLogits
        self.drawn = drawn
    }
}

/// A penalty with its weight, and how often it is counted.
public struct WeightedPenalty {
    /// A word for the series `penalty_…`.
    public let name: String
    public let penalty: any Penalty
    public let weight: Double
    /// It is counted every so many steps, and then as many times over (lazy regularisation, Karras et al. 2020, arXiv
    /// 1912.04958, appendix B).
    public let interval: Int

    public init(_ name: String, _ penalty: any Penalty, weight: Double, interval: Int = 1) {
        self.name = name
        self.penalty = penalty
        self.weight = weight
        self.interval = max(1, interval)
    }

    func isDue(at step: Int) -> Bool { (step - 1) % interval == 0 }
}

/// The squared slope of the discriminator at each example, `[count]`, ready to be differentiated again.
func squaredSlopes(at examples: Tensor, _ judge: (Tensor) throws -> Tensor) throws -> Tensor {
    let points = try examples.detached().requiringGradient()
    let slopes = try gradients(of: judge(points).sum(), for: [points], createGraph: true)
    return try slopes[0].squared().sum(Array(1..<examples.rank))
}

/// (‖∇D‖ − 1)² of each example; the root gets an epsilon, since it has no slope at 0.
func distanceFromUnitSlope(_ squared: Tensor) throws -> Tensor { try ((squared + 1e-12).squareRoot() - 1).squared() }
