public import Networks
public import Torch

/// The two players, what each minimises, and how a step of the game is played.
public final class Game {
    /// What a step needs besides the players.
    public struct Rules {
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
        /// How many examples the discriminator sees at once, laid behind each other as channels or coordinates
        /// (PacGAN, arXiv 1712.04086): a set without diversity is then easily told from real ones.
        public var packing = 1
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
        let real = try packed(real)
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
        try followStep(&statistics)
        return statistics
    }

    private func followStep(_ statistics: inout StepStatistics) throws {
        guard let real = statistics["loss_discriminator_real"], let generator = statistics["loss_generator"] else {
            return
        }
        for (name, value) in try withoutGradients({ try loss.followStep(real: real, generator: generator) }) {
            try statistics.add(name, value)
        }
    }

    /// What losses and penalties remember from step to step, by name: for checkpoints.
    public var state: [(name: String, tensor: Tensor)] {
        loss.state + rules.penalties.flatMap(\.penalty.state)
    }

    private func latent(_ count: Int) throws -> Tensor {
        let latent = try rules.latent.draw(count * rules.packing, device: device)
        try timer?.mark(.noise)
        return latent
    }

    /// Sets of examples as the discriminator sees them: `[count, channels, …]` to `[count / m, m · channels, …]`. Examples left over
    /// are left out; where there are not enough for one set, some come twice.
    private func packed(_ examples: Tensor) throws -> Tensor {
        let (size, count) = (rules.packing, examples.shape[0])
        guard size > 1 else { return examples }
        let used = max(size, count - count % size)
        let chosen =
            used <= count
            ? try examples.slice(0..<used)
            : try examples.gathering(Tensor((0..<used).map { Int64($0 % count) }).to(examples.device))
        let shape = [used / size, size * examples.shape[1]] + examples.shape.dropFirst(2)
        let sets = try chosen.contiguous().reshaped(Array(shape))
        return shape.count == 4 ? try sets.channelsLast() : sets
    }

    /// Generated examples of a part, in sets.
    private func fakes(_ draws: UpdateDraws, _ range: Range<Int>) throws -> Tensor {
        let examples = range.lowerBound * rules.packing..<range.upperBound * rules.packing
        return try noisy(packed(generate(draws.latent.slice(examples))), draws.onFake?.slice(range))
    }

    private func updateDiscriminator(
        _ real: Tensor, _ draws: UpdateDraws, _ penalties: [WeightedPenalty], _ statistics: inout StepStatistics
    ) throws {
        // Several updates within a step are recorded as their mean.
        let share = 1 / Double(rules.discriminatorSteps)
        var gradient = GradientSum(of: discriminator.parameters)
        var means = LogitMeans()
        for part in parts(of: real.shape[0]) {
            let real = try seen(real, draws.onReal, part.range)
            let fake = try withoutGradients { try fakes(draws, part.range) }
            try timer?.mark(.discriminatorFakes)

            let realLogits = try judge(real)
            let fakeLogits = try judge(fake)
            let losses = try discriminatorLoss(realLogits, fakeLogits, draws.labels?.slice(part.range))
            try timer?.mark(.discriminatorForward)

            let weight = part.weight * share
            var total = try losses.real + losses.fake
            for (penalty, drawn) in zip(penalties, draws.penalties) {
                let value = try penalty.penalty(
                    PenaltyPart(
                        real: real, fake: fake, realLogits: realLogits, fakeLogits: fakeLogits,
                        drawn: drawn?.slice(part.range)), judge: judge)
                total = try total + value * (penalty.weight * Double(penalty.interval))
                try statistics.add("penalty_\(penalty.name)", value, weight: weight)
            }
            try gradient.add(gradients(of: total, for: discriminator.parameters), weight: part.weight)
            try timer?.mark(.discriminatorBackward)

            try statistics.add("loss_discriminator_real", losses.real, weight: weight)
            try statistics.add("loss_discriminator_fake", losses.fake, weight: weight)
            if !rules.penalties.isEmpty {
                try means.add(real: realLogits, fake: fakeLogits, weight: part.weight)
            }
            guard loss.hasProbabilities else { continue }
            try withoutGradients {
                try statistics.add("probability_real", realLogits.sigmoid().mean(), weight: weight)
                try statistics.add("probability_fake", fakeLogits.sigmoid().mean(), weight: weight)
            }
        }
        let norm = try gradient.norm()
        try statistics.add("gradient_norm_discriminator", norm, weight: share)
        try discriminator.update(gradient.shortened(to: rules.discriminatorClip, norm: norm))
        try clipWeights()
        if let (real, fake) = means.values {
            for penalty in rules.penalties {
                try penalty.penalty.followUpdate(realLogit: real, fakeLogit: fake)
            }
        }
        try timer?.mark(.discriminatorOptimizer)
    }

    private func updateGenerator(_ real: Tensor, _ draws: UpdateDraws, _ statistics: inout StepStatistics) throws {
        var gradient = GradientSum(of: generator.parameters)
        for part in parts(of: real.shape[0]) {
            let realLogits =
                try loss.generatorNeedsReal
                ? withoutGradients { try judge(seen(real, draws.onReal, part.range)) } : nil
            let loss = try self.loss.generator(fake: judge(fakes(draws, part.range)), real: realLogits)
            try timer?.mark(.generatorForward)

            try gradient.add(gradients(of: loss, for: generator.parameters), weight: part.weight)
            try statistics.add("loss_generator", loss, weight: part.weight)
            try timer?.mark(.generatorBackward)
        }
        let norm = try gradient.norm()
        try statistics.add("gradient_norm_generator", norm)
        try generator.update(gradient.shortened(to: rules.generatorClip, norm: norm))
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
        let size = max(1, rules.microBatch / rules.packing)
        return stride(from: 0, to: count, by: size).map { start in
            let range = start..<min(start + size, count)
            return (range, Double(range.count) / Double(count))
        }
    }
}
