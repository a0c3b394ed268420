import Networks
public import Torch

/// The two players, what each minimises, and how a step of the game is played.
public final class Game {
    /// What a step needs besides the players.
    public struct Rules: Sendable {
        /// The generator's input: how many standard normal numbers.
        public var latent: Int
        /// How often the discriminator is updated before the generator is (k in the article).
        public var discriminatorSteps: Int
        /// The type that convolutions and matrix products run in; `nil` is float32 throughout.
        public var autocast: DType?
        /// How many examples go through the networks at once. The gradient is the whole batch's all the same.
        public var microBatch: Int

        public init(latent: Int, discriminatorSteps: Int = 1, autocast: DType? = nil, microBatch: Int) {
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
    /// draws `[batch, latent]` from the device's default random generator.
    public func step(_ real: Tensor) throws -> StepStatistics {
        var statistics = StepStatistics()
        for _ in 0..<rules.discriminatorSteps {
            try updateDiscriminator(real, noise: noise(real.shape[0]), &statistics)
        }
        try updateGenerator(noise: noise(real.shape[0]), &statistics)
        return statistics
    }

    private func noise(_ count: Int) throws -> Tensor {
        let noise = try Tensor.randomNormal([count, rules.latent], device: device)
        try timer?.mark(.noise)
        return noise
    }

    private func updateDiscriminator(_ real: Tensor, noise: Tensor, _ statistics: inout StepStatistics) throws {
        // Several updates within a step are recorded as their mean.
        let share = 1 / Double(rules.discriminatorSteps)
        var gradient = GradientSum(of: discriminator.parameters)
        for part in parts(of: real.shape[0]) {
            let fake = try withoutGradients { try generate(noise.slice(part.range)) }
            try timer?.mark(.discriminatorFakes)

            let realLogits = try judge(real.slice(part.range))
            let fakeLogits = try judge(fake)
            let losses = try loss.discriminator(real: realLogits, fake: fakeLogits)
            try timer?.mark(.discriminatorForward)

            let slopes = try gradients(of: losses.real + losses.fake, for: discriminator.parameters)
            try gradient.add(slopes, weight: part.weight)
            try timer?.mark(.discriminatorBackward)

            let weight = part.weight * share
            try statistics.add("loss_discriminator_real", losses.real, weight: weight)
            try statistics.add("loss_discriminator_fake", losses.fake, weight: weight)
            try withoutGradients {
                try statistics.add("probability_real", realLogits.sigmoid().mean(), weight: weight)
                try statistics.add("probability_fake", fakeLogits.sigmoid().mean(), weight: weight)
            }
        }
        try statistics.add("gradient_norm_discriminator", gradient.norm(), weight: share)
        try discriminator.optimizer.step(gradient.gradients)
        try timer?.mark(.discriminatorOptimizer)
    }

    private func updateGenerator(noise: Tensor, _ statistics: inout StepStatistics) throws {
        var gradient = GradientSum(of: generator.parameters)
        for part in parts(of: noise.shape[0]) {
            let loss = try self.loss.generator(fake: judge(generate(noise.slice(part.range))))
            try timer?.mark(.generatorForward)

            try gradient.add(gradients(of: loss, for: generator.parameters), weight: part.weight)
            try statistics.add("loss_generator", loss, weight: part.weight)
            try timer?.mark(.generatorBackward)
        }
        try statistics.add("gradient_norm_generator", gradient.norm())
        try generator.optimizer.step(gradient.gradients)
        try timer?.mark(.generatorOptimizer)
    }

    /// Examples in float32, from latent vectors `[count, latent]`.
    public func generate(_ latent: Tensor) throws -> Tensor {
        try withAutocast(to: rules.autocast, on: device) { try generator(latent) }.to(.float32)
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
