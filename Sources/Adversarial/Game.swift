public import Torch

/// The two players, what each minimises, and how a step of the game is played.
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

    /// Real examples, and what class each is of, `[batch, classes]` of 0 and 1, where both players are told.
    public typealias Reals = (examples: Tensor, classes: Tensor?)

    /// The real examples of an update, in sets as the discriminator sees them.
    struct Batch {
        let real: Tensor
        let classes: Tensor?
        /// The number of the step, from 1.
        let step: Int
    }

    /// Plays one step on a batch of real examples: the discriminator's updates, then the generator's. Each update draws
    /// `[batch, latent]` from the device's default random generator, then what its penalties and stabilisers draw.
    ///
    /// - Parameters:
    ///   - classes: the class of each example as a one-hot row, `[batch, classes]`, for conditional networks; samples are
    ///     generated in the same classes.
    ///   - number: which step it is, from 1: penalties may be counted only every so many steps.
    ///   - further: gives real examples, as many, for each update of the discriminator after its first; without it they are the
    ///     same.
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
        try followStep(&statistics)
        return statistics
    }

    private func followStep(_ statistics: inout StepStatistics) throws {
        for (name, value) in try rules.augmentation?.series() ?? [] { try statistics.add(name, value) }
        guard let real = statistics["loss_discriminator_real"], let generator = statistics["loss_generator"] else {
            return
        }
        for (name, value) in try withoutGradients({ try loss.followStep(real: real, generator: generator) }) {
            try statistics.add(name, value)
        }
    }

    /// What losses, penalties and stabilisers remember from step to step, by name: for checkpoints.
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

    /// The parts in which a batch goes through the networks, and each part's share of it.
    func parts(of count: Int) -> [(range: Range<Int>, weight: Double)] {
        let size = max(1, rules.microBatch / rules.packing)
        return stride(from: 0, to: count, by: size).map { start in
            let range = start..<min(start + size, count)
            return (range, Double(range.count) / Double(count))
        }
    }
}
