import Torch

/// The random numbers of one update of a player, drawn for the whole batch at once, so that it does not matter in which parts the
/// batch goes through the networks. The latent vectors come first.
struct UpdateDraws {
    /// `[batch, dimensions]`
    let latent: Tensor
    /// What is added to real and to generated examples before the discriminator sees them.
    let onReal, onFake: Tensor?
    /// Numbers from 0 to 1 that decide which labels are flipped, `[batch, 2]`.
    let labels: Tensor?
    /// One for each penalty.
    let penalties: [Tensor?]

    /// - Parameters:
    ///   - real: the batch.
    ///   - penalties: those that count in this step; none in an update of the generator.
    init(
        latent: Tensor, real: Tensor, _ rules: Game.Rules, step: Int, drawsLabels: Bool, penalties: [WeightedPenalty]
    ) throws {
        self.latent = latent
        let deviation = rules.instanceNoise?.deviation(at: step) ?? 0
        func noise() throws -> Tensor? {
            deviation > 0 ? try Tensor.randomNormal(real.shape, device: real.device) * deviation : nil
        }
        onReal = try noise()
        onFake = try noise()
        labels = drawsLabels ? try Tensor.randomUniform([real.shape[0], 2], device: real.device) : nil
        self.penalties = try penalties.map { try $0.penalty.draw(for: real) }
    }
}
