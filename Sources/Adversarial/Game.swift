public import Networks
public import Torch

/// The two players, what each minimises, and how a step of the game is played.
public final class Game {
    /// What a step needs besides the players.
    public struct Rules: Sendable {
        /// The generator's input.
        public var latent: LatentSpace
        /// How often the discriminator is updated before the generator is (k in the article).
        public var discriminatorSteps: Int
        /// The type that convolutions and matrix products run in; `nil` is float32 throughout.
        public var autocast: DType?
        /// How many examples go through the networks at once. The gradient is the whole batch's all the same.
        public var microBatch: Int
        /// What is added to the discriminator's loss.
        public var penalties: [WeightedPenalty] = []
        /// After each of its updates the discriminator's weights are cut to ± this; 0 leaves them as they are.
        public var weightClip = 0.0
        /// Labels that are not quite true.
        public var labels = LabelNoise()
        /// Noise on what the discriminator sees.
        public var instanceNoise: InstanceNoise?
        /// The longest gradient that each player follows: longer ones are shortened; 0 follows any.
        public var generatorClip = 0.0
        public var discriminatorClip = 0.0

        public init(latent: LatentSpace, discriminatorSteps: Int = 1, autocast: DType? = nil, microBatch: Int) {
            self.latent = latent
            self.discriminatorSteps = discriminatorSteps
            self.autocast = autocast
            self.microBatch = microBatch
        }
    }

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

    /// Plays one step on a batch of real examples: k updates of the discriminator, then one of the generator. Each update
    /// draws `[batch, latent]` from the device's default random generator, then what its penalties draw.
    ///
    /// - Parameter number: which step it is, from 1: penalties may be counted only every so many steps.
    public func step(_ real: Tensor, number: Int = 1) throws -> StepStatistics {
        var statistics = StepStatistics()
        let penalties = rules.penalties.filter { $0.isDue(at: number) }
        for _ in 0..<rules.discriminatorSteps {
            let draws = try UpdateDraws(
                latent: latent(real.shape[0]), real: real, rules, step: number, drawsLabels: rules.labels.flips > 0,
                penalties: penalties)
            try updateDiscriminator(real, draws, penalties, &statistics)
        }
        let draws = try UpdateDraws(
            latent: latent(real.shape[0]), real: real, rules, step: number, drawsLabels: false, penalties: [])
        try updateGenerator(real, draws, &statistics)
        return statistics
    }

    private func latent(_ count: Int) throws -> Tensor {
        let latent = try rules.latent.draw(count, device: device)
        try timer?.mark(.noise)
        return latent
    }

    private func updateDiscriminator(
        _ real: Tensor, _ draws: UpdateDraws, _ penalties: [WeightedPenalty], _ statistics: inout StepStatistics
    ) throws {
        // Several updates within a step are recorded as their mean.
        let share = 1 / Double(rules.discriminatorSteps)
        var gradient = GradientSum(of: discriminator.parameters)
        for part in parts(of: real.shape[0]) {
            let real = try seen(real, draws.onReal, part.range)
            let fake = try withoutGradients {
                try noisy(generate(draws.latent.slice(part.range)), draws.onFake?.slice(part.range))
            }
            try timer?.mark(.discriminatorFakes)

            let realLogits = try judge(real)
            let fakeLogits = try judge(fake)
            let losses = try discriminatorLoss(realLogits, fakeLogits, draws.labels?.slice(part.range))
            try timer?.mark(.discriminatorForward)

            let weight = part.weight * share
            var total = try losses.real + losses.fake
            for (penalty, drawn) in zip(penalties, draws.penalties) {
                let value = try penalty.penalty(
                    PenaltyPart(real: real, fake: fake, drawn: drawn?.slice(part.range)), judge: judge)
                total = try total + value * (penalty.weight * Double(penalty.interval))
                try statistics.add("penalty_\(penalty.name)", value, weight: weight)
            }
            try gradient.add(gradients(of: total, for: discriminator.parameters), weight: part.weight)
            try timer?.mark(.discriminatorBackward)

            try statistics.add("loss_discriminator_real", losses.real, weight: weight)
            try statistics.add("loss_discriminator_fake", losses.fake, weight: weight)
            guard loss.hasProbabilities else { continue }
            try withoutGradients {
                try statistics.add("probability_real", realLogits.sigmoid().mean(), weight: weight)
                try statistics.add("probability_fake", fakeLogits.sigmoid().mean(), weight: weight)
            }
        }
        let norm = try gradient.norm()
        try statistics.add("gradient_norm_discriminator", norm, weight: share)
        try discriminator.optimizer.step(gradient.shortened(to: rules.discriminatorClip, norm: norm))
        try clipWeights()
        try timer?.mark(.discriminatorOptimizer)
    }

    private func updateGenerator(_ real: Tensor, _ draws: UpdateDraws, _ statistics: inout StepStatistics) throws {
        var gradient = GradientSum(of: generator.parameters)
        for part in parts(of: real.shape[0]) {
            let realLogits =
                try loss.generatorNeedsReal
                ? withoutGradients { try judge(seen(real, draws.onReal, part.range)) } : nil
            let fake = try noisy(generate(draws.latent.slice(part.range)), draws.onFake?.slice(part.range))
            let loss = try self.loss.generator(fake: judge(fake), real: realLogits)
            try timer?.mark(.generatorForward)

            try gradient.add(gradients(of: loss, for: generator.parameters), weight: part.weight)
            try statistics.add("loss_generator", loss, weight: part.weight)
            try timer?.mark(.generatorBackward)
        }
        let norm = try gradient.norm()
        try statistics.add("gradient_norm_generator", norm)
        try generator.optimizer.step(gradient.shortened(to: rules.generatorClip, norm: norm))
        try timer?.mark(.generatorOptimizer)
    }

    private func discriminatorLoss(
        _ real: Tensor, _ fake: Tensor, _ draws: Tensor?
    ) throws -> (real: Tensor, fake: Tensor) {
        rules.labels.isNone
            ? try loss.discriminator(real: real, fake: fake)
            : try rules.labels.discriminator(real: real, fake: fake, draws: draws)
    }

    /// The real examples of a part, as the discriminator sees them.
    private func seen(_ real: Tensor, _ noise: Tensor?, _ range: Range<Int>) throws -> Tensor {
        try noisy(real.slice(range), noise?.slice(range))
    }

    private func noisy(_ examples: Tensor, _ noise: Tensor?) throws -> Tensor {
        try noise.map { (noise) throws -> Tensor in try examples + noise } ?? examples
    }

    private func clipWeights() throws {
        guard rules.weightClip > 0 else { return }
        try withoutGradients {
            for parameter in discriminator.parameters {
                try parameter.clampInPlace(-rules.weightClip, rules.weightClip)
            }
        }
    }

    /// Examples in float32, from latent vectors `[count, latent]`.
    ///
    /// - Parameter network: another than the generator's own, such as its moving average.
    public func generate(_ latent: Tensor, by network: (any Module)? = nil) throws -> Tensor {
        let network = network ?? generator.network
        return try withAutocast(to: rules.autocast, on: device) { try network(latent) }.to(.float32)
    }

    private func judge(_ examples: Tensor) throws -> Tensor {
        try withAutocast(to: rules.autocast, on: device) { try discriminator(examples) }.to(.float32)
    }

    /// The parts in which a batch goes through the networks, and each part's share of it.
    private func parts(of count: Int) -> [(range: Range<Int>, weight: Double)] {
        stride(from: 0, to: count, by: rules.microBatch).map { start in
            let range = start..<min(start + rules.microBatch, count)
            return (range, Double(range.count) / Double(count))
        }
    }
}
