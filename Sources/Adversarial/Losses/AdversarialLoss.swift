public import Torch

/// What the two players minimise, from the discriminator's logits `[batch, 1]`. Every loss is a mean over the batch, so that
/// the mean of equal parts of a batch is the loss of the whole.
public protocol AdversarialLoss: Sendable {
    /// The discriminator's loss on real and on generated examples; it minimises their sum.
    func discriminator(real: Tensor, fake: Tensor) throws -> (real: Tensor, fake: Tensor)

    /// The generator's loss.
    func generator(fake: Tensor) throws -> Tensor
}
