public import Adversarial
import Networks
public import Runs
public import Torch

extension Game {
    /// The game that a configuration describes, for examples of this shape. Draws the generator's parameters, then the
    /// discriminator's, from the default random generator.
    ///
    /// - Parameter exampleShape: `[channels, height, width]`, or `[2]` for points.
    public convenience init(_ configuration: Configuration, exampleShape: [Int], device: Device) throws {
        let options = configuration.network
        let networks = try NetworkPlan(options, exampleShape: exampleShape, device: device)
        let generator = try Player(networks.generator()) { try optimizer(configuration.optimizer.generator, $0) }
        let discriminator = try Player(
            networks.discriminator(
                isAutoencoder: configuration.objective == .began, packing: configuration.training.packing)
        ) {
            try optimizer(configuration.optimizer.discriminator, $0)
        }
        let batch = configuration.training.batchSize
        let isDivisible = !generator.network.dependsOnBatch && !discriminator.network.dependsOnBatch
        let microBatch = configuration.training.microBatch
        if microBatch > 0, microBatch < batch, !isDivisible {
            throw ConfigurationError.invalid(
                "training.microBatch", "\(microBatch)",
                allowed: "0 with networks that have batch norm, whose statistics need the whole batch")
        }
        let automatic = isDivisible && device.isCPU ? Game.cacheSizedPart(exampleShape, options) : batch
        var rules = Rules(
            latent: LatentSpace(options), discriminatorSteps: configuration.training.discriminatorSteps,
            autocast: configuration.precision == .bfloat16 ? .bfloat16 : nil,
            microBatch: min(batch, microBatch > 0 ? microBatch : automatic))
        rules.penalties = try Game.penalties(configuration.penalties, device)
        let training = configuration.training
        rules.packing = training.packing
        rules.labels = LabelNoise(smoothing: training.labelSmoothing, flips: training.labelFlips)
        if training.instanceNoise > 0 {
            rules.instanceNoise = InstanceNoise(
                deviation: training.instanceNoise, steps: training.instanceNoiseSteps)
        }
        rules.weightClip = configuration.penalties.weightClip
        rules.generatorClip = configuration.optimizer.generator.gradientClip
        rules.discriminatorClip = configuration.optimizer.discriminator.gradientClip
        if let penalty = rules.penalties.first(where: \.penalty.looksAtSlopes), discriminator.network.dependsOnBatch {
            throw ConfigurationError.invalid(
                "penalties.\(penalty.name).weight", "\(penalty.weight)",
                allowed:
                    "0 with a discriminator that has batch norm (dcgan): with it, an example's output depends on the "
                    + "others, and its slope means nothing; take another architecture")
        }
        self.init(
            generator: generator, discriminator: discriminator, loss: try Game.loss(configuration.objective, device),
            rules: rules, device: device)
    }

    private static func penalties(
        _ options: Configuration.PenaltyOptions, _ device: Device
    ) throws -> [WeightedPenalty] {
        let all: [(String, any Penalty, Configuration.PenaltyOptions.Option)] = [
            ("gradient", GradientPenalty(), options.gradient), ("dragan", DraganPenalty(), options.dragan),
            ("r1", ZeroCentredPenalty(at: .real), options.r1), ("r2", ZeroCentredPenalty(at: .fake), options.r2),
            ("lecam", try LeCamPenalty(device: device), options.lecam),
        ]
        return all.filter { $0.2.weight > 0 }.map {
            WeightedPenalty($0.0, $0.1, weight: $0.2.weight, interval: $0.2.interval)
        }
    }

    /// How many examples keep the generator's largest layer near the size of a processor's cache; measured, see
    /// `Documentation/performance.md`.
    private static func cacheSizedPart(_ shape: [Int], _ options: Configuration.NetworkOptions) -> Int {
        let bytesPerExample = options.generatorWidth * shape.dropFirst().reduce(1, *) * MemoryLayout<Float>.size
        return max(16, (24 << 20) / bytesPerExample)
    }

    private static func loss(_ objective: Objective, _ device: Device) throws -> any AdversarialLoss {
        switch objective {
        case .minimax: return MinimaxLoss()
        case .nonSaturating, .dragan: return NonSaturatingLoss()
        case .leastSquares: return LeastSquaresLoss()
        case .hinge: return HingeLoss()
        case .wasserstein, .wassersteinGradientPenalty: return WassersteinLoss()
        case .relativistic: return RelativisticLoss()
        case .began: return try BEGANLoss(device: device)
        }
    }
}

/// The optimiser that a configuration describes.
private func optimizer(_ options: Configuration.PlayerOptimizer, _ parameters: [Tensor]) throws -> any Optimizer {
    switch options.kind {
    case .adam, .adamw:
        return try Adam(
            parameters, learningRate: options.learningRate, beta1: options.beta1, beta2: options.beta2,
            epsilon: options.epsilon, weightDecay: options.weightDecay, decoupledDecay: options.kind == .adamw)
    case .rmsprop:
        return try RMSProp(
            parameters, learningRate: options.learningRate, smoothing: options.alpha, epsilon: options.epsilon,
            weightDecay: options.weightDecay, momentum: options.momentum)
    case .sgd:
        return try SGD(
            parameters, learningRate: options.learningRate, momentum: options.momentum,
            weightDecay: options.weightDecay)
    }
}
