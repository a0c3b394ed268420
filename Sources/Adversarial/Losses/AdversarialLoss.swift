public import Torch

/// The losses of the two players, computed from the discriminator's logits `[batch, 1]`. Every loss is a mean over the
/// batch, so that the mean over equal parts of a batch is the loss of the whole batch.
public protocol AdversarialLoss {
    /// The discriminator's loss on real and on generated examples; the discriminator minimizes their sum.
    func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor)

    /// The generator's loss.
    ///
    /// - Parameter real: the logits of as many real examples, for losses that compare the two; otherwise `nil`.
    func generator(fake: Tensor, real: Tensor?) throws -> Tensor

    /// Whether the discriminator's outputs are trained as logits, so that their sigmoid is the probability that an
    /// example is real.
    var hasProbabilities: Bool { get }

    /// Whether the generator's loss also takes the logits of real examples.
    var generatorNeedsReal: Bool { get }

    /// The state to save in checkpoints.
    var state: [(name: String, tensor: Tensor)] { get }

    /// Called after each step.
    ///
    /// - Parameters:
    ///   - real: the discriminator's loss on real examples, averaged over the batch and the step's updates.
    ///   - generator: the generator's loss.
    /// - Returns: the series to record.
    func updateState(real: Tensor, generator: Tensor) throws -> [(name: String, value: Tensor)]
}

extension AdversarialLoss {
    public var hasProbabilities: Bool { false }
    public var generatorNeedsReal: Bool { false }
    public var state: [(name: String, tensor: Tensor)] { [] }
    public func updateState(real: Tensor, generator: Tensor) throws -> [(name: String, value: Tensor)] { [] }
}
