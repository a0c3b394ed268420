import Torch

/// The random numbers of one player's update. They are drawn for the whole batch at once, so that results do not depend
/// on how the batch is split. The latent vectors come first.
struct UpdateDraws {
    enum Side { case discriminator, generator }

    /// The random changes to the examples that the discriminator sees.
    struct View {
        /// Noise to add, of the examples' shape.
        let noise: Tensor?
        /// Uniform values in [0, 1), `[batch, Augmentation.draws]`.
        let augmentation: Tensor?

        init(of real: Tensor, _ rules: Game.Rules, step: Int) throws {
            let deviation = rules.instanceNoise?.deviation(at: step) ?? 0
            noise = deviation > 0 ? try Tensor.randomNormal(real.shape, device: real.device) * deviation : nil
            augmentation =
                rules.augmentation == nil
                ? nil : try Tensor.randomUniform([real.shape[0], Augmentation.draws], device: real.device)
        }
    }

    /// `[batch, dimensions]`
    let latent: Tensor
    let onReal, onFake: View
    /// Uniform values in [0, 1) that decide which labels are flipped, `[batch, 2]`.
    let labels: Tensor?
    /// The penalties that apply in this update, and the random numbers of each.
    let penalties: [(penalty: WeightedPenalty, drawn: Tensor?)]
    /// Which generated examples are exchanged for earlier ones.
    let replay: ReplayBuffer.Plan?

    /// - Parameter side: the player to update; the generator's update has no labels, penalties or replay.
    init(for side: Side, latent: Tensor, _ batch: Game.Batch, _ rules: Game.Rules) throws {
        let real = batch.real
        self.latent = latent
        onReal = try View(of: real, rules, step: batch.step)
        onFake = try View(of: real, rules, step: batch.step)
        guard side == .discriminator else {
            (labels, penalties, replay) = (nil, [], nil)
            return
        }
        labels = rules.labels.flips > 0 ? try Tensor.randomUniform([real.shape[0], 2], device: real.device) : nil
        penalties = try rules.penalties.filter { $0.isDue(at: batch.step) }.map { ($0, try $0.penalty.draw(for: real)) }
        replay = try rules.replay?.plan(real.shape[0])
    }
}
