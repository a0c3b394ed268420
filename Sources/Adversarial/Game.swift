public import Torch

/// The two players, their objective, and the procedure for one step of the game.
public final class Game {
    public let generator: Player
    public let discriminator: Player
    public let loss: any AdversarialLoss
    public let rules: Rules
    public let device: Device
    public var timer: PhaseTimer?

    public init(
        generator: Player, discriminator: Player, loss: any AdversarialLoss, rules: Rules, device: Device = .cpu
    ) {
        self.generator = generator
        self.discriminator = discriminator
        self.loss = loss
        self.rules = rules
        self.device = device
    }

    /// Real examples and, if the networks are conditional, their classes as one-hot rows `[batch, classes]`.
    public typealias Reals = (examples: Tensor, classes: Tensor?)

    /// The real examples of an update, packed into sets as the discriminator sees them.
    struct Batch {
        let real: Tensor
        let classes: Tensor?
        /// The step number, from 1.
        let step: Int
    }

    /// Plays one step on a batch of real examples: the discriminator's updates, then the generator's. Each update draws
    /// `[batch, latent]` from the device's default random generator, then the random numbers of its penalties and
    /// stabilizers.
    ///
    /// - Parameters:
    ///   - classes: the class of each example as a one-hot row, `[batch, classes]`, for conditional networks; samples
    ///     are generated in the same classes.
    ///   - number: the step number, from 1, which decides whether penalties with an interval apply.
    ///   - further: returns a batch of real examples of the same size for each discriminator update after the first;
    ///     without it, all updates use the same batch.
    public func step(
        _ real: Tensor, classes: Tensor? = nil, number: Int = 1, further: (() throws -> Reals)? = nil
    ) throws -> StepStatistics {
        let first = Batch(real: try packed(real), classes: classes, step: number)
        var batch = first
        var statistics = StepStatistics()
        for update in 0..<rules.discriminatorSteps {
            if update > 0, let further {
                let reals = try further()
                batch = Batch(real: try packed(reals.examples), classes: reals.classes, step: number)
            }
            let draws = try UpdateDraws(for: .discriminator, latent: latent(batch), batch, rules)
            try updateDiscriminator(batch, draws, &statistics)
        }
        for _ in 0..<rules.generatorSteps {
            let draws = try UpdateDraws(for: .generator, latent: latent(first), first, rules)
            try updateGenerator(first, draws, &statistics)
        }
        try updateStates(&statistics)
        return statistics
    }

    private func updateStates(_ statistics: inout StepStatistics) throws {
        for (name, value) in try rules.augmentation?.series() ?? [] { try statistics.add(name, value) }
        guard let real = statistics["loss_discriminator_real"], let generator = statistics["loss_generator"] else {
            return
        }
        for (name, value) in try withoutGradients({ try loss.updateState(real: real, generator: generator) }) {
            try statistics.add(name, value)
        }
    }

    /// The state of losses, penalties and stabilizers by name, to save in checkpoints.
    public var state: [(name: String, tensor: Tensor)] {
        let players = [("generator", generator), ("discriminator", discriminator)].flatMap { name, player in
            (player.history?.state ?? []).map { ("history.\(name).\($0.name)", $0.tensor) }
        }
        return loss.state + rules.penalties.flatMap(\.penalty.state) + (rules.replay?.state ?? [])
            + (rules.augmentation?.state ?? []) + players
    }

    private func latent(_ batch: Batch) throws -> Tensor {
        let count = batch.real.shape[0] * rules.packing
        var latent = try rules.latent.draw(count, device: device)
        if let classes = batch.classes { latent = try Tensor.concatenate([latent, classes], dimension: 1) }
        try timer?.mark(.noise)
        return latent
    }

    /// The parts into which a batch is split for the networks, and each part's share of the batch.
    func parts(of count: Int) -> [(range: Range<Int>, weight: Double)] {
        let size = max(1, rules.microBatch / rules.packing)
        return stride(from: 0, to: count, by: size).map { start in
            let range = start..<min(start + size, count)
            return (range, Double(range.count) / Double(count))
        }
    }
}
