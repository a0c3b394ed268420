public import Torch

/// What the two players minimise, from the discriminator's logits `[batch, 1]`. Every loss is a mean over the batch, so that
/// the mean of equal parts of a batch is the loss of the whole.
public protocol AdversarialLoss {
    /// The discriminator's loss on real and on generated examples; it minimises their sum.
    func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor)

    /// The generator's loss.
    ///
    /// - Parameter real: the logits of as many real examples, for losses that compare the two; `nil` for the others.
    func generator(fake: Tensor, real: Tensor?) throws -> Tensor

    /// Whether the discriminator's outputs are trained as logits, so that their sigmoid is its probability of being real.
    var hasProbabilities: Bool { get }

    /// Whether the generator's loss takes the logits of real examples too.
    var generatorNeedsReal: Bool { get }

    /// What it remembers from step to step, for checkpoints.
    var state: [(name: String, tensor: Tensor)] { get }

    /// What follows a whole step.
    ///
    /// - Parameters:
    ///   - real: the discriminator's loss on real examples, the mean over the batch and its updates.
    ///   - generator: the generator's loss.
    /// - Returns: series to record.
    func followStep(real: Tensor, generator: Tensor) throws -> [(name: String, value: Tensor)]
}

extension AdversarialLoss {
    public var hasProbabilities: Bool { false }
    public var generatorNeedsReal: Bool { false }
    public var state: [(name: String, tensor: Tensor)] { [] }
    public func followStep(real: Tensor, generator: Tensor) throws -> [(name: String, value: Tensor)] { [] }
}
