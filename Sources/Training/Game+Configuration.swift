public import Adversarial
import Datasets
import Networks
public import Recipes
public import Torch

extension Game {
    /// Creates the game described by a configuration, for examples of the given shape.
    ///
    /// Draws the generator's parameters, then the discriminator's, from the default random generator.
    ///
    /// - Parameter exampleShape: `[channels, height, width]`, or `[2]` for points.
    public convenience init(_ configuration: TrainingConfiguration, exampleShape: [Int], device: Device) throws {
        try self.init(
            configuration,
            networks: NetworkPlan(configuration.network, exampleShape: exampleShape, device: device),
            exampleShape: exampleShape, device: device)
    }

    convenience init(
        _ configuration: TrainingConfiguration, networks: any NetworkFactory, exampleShape: [Int], device: Device
    ) throws {
        let training = configuration.training
        let generator = try Player(networks.generator(), historicalAverage: training.historicalAverage) {
            try optimizer(configuration.optimizer.generator, $0)
        }
        let discriminator = try Player(
            networks.discriminator(isAutoencoder: configuration.objective == .began, packing: training.packing),
            historicalAverage: training.historicalAverage
        ) {
            try optimizer(configuration.optimizer.discriminator, $0)
        }
        let isDivisible =
            !generator.network.dependsOnBatch && !discriminator.network.dependsOnBatch && training.featureMatching == 0
            && training.unrolledSteps == 0
        var rules = Rules(
            latent: LatentSpace(configuration.network), discriminatorSteps: training.discriminatorSteps,
            autocast: configuration.precision == .bfloat16 ? .bfloat16 : nil,
            microBatch: Game.microBatch(configuration, exampleShape, isDivisible: isDivisible, device))
        rules.penalties = try Game.penalties(configuration.penalties, device)
        try rules.setStabilizers(configuration, exampleShape, discriminator.network, device)
        self.init(
            generator: generator, discriminator: discriminator, loss: try Game.loss(configuration, device),
            rules: rules, device: device)
    }

    /// Returns the number of examples that pass through the networks at once.
    private static func microBatch(
        _ configuration: TrainingConfiguration, _ shape: [Int], isDivisible: Bool, _ device: Device
    ) -> Int {
        let (batch, chosen) = (configuration.training.batchSize, configuration.training.microBatch)
        guard isDivisible else { return batch }
        if chosen > 0 { return min(batch, chosen) }
        // The configuration gives the layer sizes only for the known architectures.
        guard configuration.network.architecture != .custom else { return batch }
        return device.isCPU ? min(batch, Game.cacheSizedPart(shape, configuration.network)) : batch
    }

    private static func penalties(
        _ options: TrainingConfiguration.PenaltyOptions, _ device: Device
    ) throws -> [WeightedPenalty] {
        try options.all.map { kind, option in
            let penalty: any Penalty =
                switch kind {
                case .gradient: GradientPenalty()
                case .dragan: DraganPenalty()
                case .r1: ZeroCenteredPenalty(at: .real)
                case .r2: ZeroCenteredPenalty(at: .fake)
                case .lecam: try LeCamPenalty(device: device)
                }
            return WeightedPenalty(kind.rawValue, penalty, weight: option.weight, interval: option.interval)
        }
    }

    /// Returns the number of examples that keeps the generator's largest layer near the size of a CPU cache; measured
    /// in `Documentation/performance.md`.
    private static func cacheSizedPart(_ shape: [Int], _ options: TrainingConfiguration.NetworkOptions) -> Int {
        let bytesPerExample = options.generatorWidth * shape.dropFirst().reduce(1, *) * MemoryLayout<Float>.size
        return max(16, (24 << 20) / bytesPerExample)
    }

    private static func loss(_ configuration: TrainingConfiguration, _ device: Device) throws -> any AdversarialLoss {
        switch configuration.objective {
        case .minimax: return MinimaxLoss()
        case .nonSaturating, .dragan: return NonSaturatingLoss()
        case .leastSquares: return LeastSquaresLoss()
        case .hinge: return HingeLoss()
        case .wasserstein, .wassersteinGradientPenalty: return WassersteinLoss()
        case .relativistic: return RelativisticLoss()
        case .began:
            let training = configuration.training
            return try BEGANLoss(ratio: training.equilibriumRatio, rate: training.equilibriumRate, device: device)
        }
    }
}

extension Game {
    /// Rejects custom networks that do not fit the data or each other, before the first step.
    ///
    /// - Parameter input: latent vectors in the generator's input shape.
    func checkShapes(_ data: any Dataset, input: Tensor) throws {
        for (name, player) in [("generator", generator), ("discriminator", discriminator)] {
            guard let place = player.parameters.first?.device, place != device else { continue }
            throw ConfigurationError.conflict(
                "The \(name) is on \(place), but the training runs on \(device); make its layers there.")
        }
        let count = min(2 * rules.packing, input.shape[0])
        let latent = try input.slice(0..<count)
        let fakes = try generator.network.whileEvaluating { try withoutGradients { try generate(latent) } }
        let due = [count] + data.exampleShape
        guard fakes.shape == due else {
            throw ConfigurationError.conflict(
                "The generator returns shape \(fakes.shape) for \(count) examples, but the data (\(data.summary)) requires \(due); change its output shape."
            )
        }
        let sets = max(1, count / rules.packing)
        let classes =
            rules.latent.classes > 0 ? try latent.slice(rules.latent.dimensions..<latent.shape[1], dimension: 1) : nil
        let answers: Tensor
        do {
            answers = try discriminator.network.whileEvaluating {
                try withoutGradients { try self.answers(to: fakes, classes: classes) }
            }
        } catch let error as TorchError where rules.packing > 1 || classes != nil {
            throw ConfigurationError.conflict(
                "The discriminator does not take \(rules.packing) examples at once and \(rules.latent.classes) classes as additional "
                    + "channels or coordinates (“training.packing”, “network.classes”): \(error)")
        }
        guard answers.shape == [sets, 1] else {
            throw ConfigurationError.conflict(
                "The discriminator returns shape \(answers.shape) for \(sets) examples; it must be \([sets, 1]).")
        }
    }

    /// Refuses penalties on slopes for custom discriminators whose logits depend on the whole batch.
    func checkPenalties(_ configuration: TrainingConfiguration) throws {
        let slopes = configuration.penalties.all.map(\.kind).filter(\.usesSlopes)
        guard discriminator.network.dependsOnBatch, let first = slopes.first else { return }
        throw ConfigurationError.conflict(
            "The discriminator has batch norm, so the logit of an example depends on the others and its slope is meaningless; set "
                + "“penalties.\(first.rawValue).weight” to 0.")
    }
}

extension Game.Rules {
    fileprivate mutating func setStabilizers(
        _ configuration: TrainingConfiguration, _ exampleShape: [Int], _ discriminator: any Module, _ device: Device
    ) throws {
        let training = configuration.training
        generatorSteps = training.generatorSteps
        unrolledSteps = training.unrolledSteps
        packing = training.packing
        labels = LabelNoise(smoothing: training.labelSmoothing, flips: training.labelFlips)
        if training.instanceNoise > 0 {
            instanceNoise = InstanceNoise(deviation: training.instanceNoise, steps: training.instanceNoiseSteps)
        }
        if !training.augmentation.changes.isEmpty {
            guard exampleShape.count == 3 else {
                throw ConfigurationError.invalid(
                    "training.augmentation", training.augmentation.rawValue, allowed: "none for data that is not images"
                )
            }
            augmentation = try Augmentation(training.augmentation, target: training.augmentationTarget, device: device)
        }
        if training.replay > 0 {
            let set = [training.packing * exampleShape[0]] + exampleShape.dropFirst()
            replay = try ReplayBuffer(capacity: training.replay, shape: set, device: device)
        }
        if training.featureMatching > 0 {
            let layer = training.featureLayer == "last" ? discriminator.lastHiddenLayer : training.featureLayer
            guard let layer, discriminator.layerNames.contains(layer) else {
                throw ConfigurationError.invalid(
                    "training.featureLayer", training.featureLayer,
                    allowed: "last, or one of \(discriminator.layerNames.joined(separator: ", "))")
            }
            featureMatching = Game.FeatureMatching(share: training.featureMatching, layer: layer)
        }
        weightClip = configuration.penalties.weightClip
        generatorClip = configuration.optimizer.generator.gradientClip
        discriminatorClip = configuration.optimizer.discriminator.gradientClip
    }
}

/// Creates the optimizer described by a configuration.
private func optimizer(_ options: TrainingConfiguration.PlayerOptimizer, _ parameters: [Tensor]) throws -> any Optimizer
{
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
