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
        let networks = try Game.networks(options, exampleShape: exampleShape, device: device)
        let generator = try Player(networks.generator()) { try optimizer(configuration.optimizer.generator, $0) }
        let discriminator = try Player(networks.discriminator()) {
            try optimizer(configuration.optimizer.discriminator, $0)
        }
        let batch = configuration.training.batchSize
        let isDivisible = !generator.network.dependsOnBatch && !discriminator.network.dependsOnBatch
        let microBatch = configuration.training.microBatch
        if microBatch > 0, microBatch < batch, !isDivisible {
            throw invalid(
                "training.microBatch", "\(microBatch)",
                allowed: "0 with networks that have batch norm, whose statistics need the whole batch")
        }
        let automatic = isDivisible && device.isCPU ? Game.cacheSizedPart(exampleShape, options) : batch
        self.init(
            generator: generator, discriminator: discriminator, loss: try Game.loss(configuration.objective),
            rules: Rules(
                latent: options.latent, discriminatorSteps: configuration.training.discriminatorSteps,
                autocast: configuration.precision == .bfloat16 ? .bfloat16 : nil,
                microBatch: min(batch, microBatch > 0 ? microBatch : automatic)),
            device: device)
    }

    /// How many examples keep the generator's largest layer near the size of a processor's cache; measured, see
    /// `Documentation/performance.md`.
    private static func cacheSizedPart(_ shape: [Int], _ options: Configuration.NetworkOptions) -> Int {
        let bytesPerExample = options.generatorWidth * shape.dropFirst().reduce(1, *) * MemoryLayout<Float>.size
        return max(16, (24 << 20) / bytesPerExample)
    }

    private typealias Makers = (generator: () throws -> any Module, discriminator: () throws -> any Module)

    private static func networks(
        _ options: Configuration.NetworkOptions, exampleShape shape: [Int], device: Device
    ) throws -> Makers {
        if options.architecture == .mlp {
            guard shape.count == 1 else {
                throw invalid(
                    "network.architecture", "mlp", allowed: "article or dcgan for images; mlp is for ring and grid")
            }
            let generatorWidths = [Int](repeating: options.generatorWidth, count: 3)
            let discriminatorWidths = [Int](repeating: options.discriminatorWidth, count: 3)
            return (
                {
                    try MultilayerPerceptron(
                        options.latent, hidden: generatorWidths, shape[0], activation: { ReLU() }, device: device)
                },
                {
                    try MultilayerPerceptron(
                        shape[0], hidden: discriminatorWidths, 1, activation: { LeakyReLU(0.2) }, device: device)
                }
            )
        }
        guard shape.count == 3 else {
            throw invalid(
                "network.architecture", options.architecture.rawValue, allowed: "mlp for points such as ring and grid")
        }
        let picture = PictureShape(channels: shape[0], size: shape[2])
        guard shape[1] == shape[2], PictureShape.sizes.contains(picture.size) else {
            throw invalid(
                "data.imageSize", "\(shape[2])×\(shape[1])",
                allowed: "28, 32, 64 or 128; give one with --image-size, and the images are resized and cropped")
        }
        let (latent, width, judge) = (options.latent, options.generatorWidth, options.discriminatorWidth)
        switch options.architecture {
        case .dcgan:
            return (
                { try DCGANGenerator(latent: latent, width: width, picture: picture, device: device) },
                { try DCGANDiscriminator(width: judge, picture: picture, device: device) }
            )
        case .article, .mlp:
            return (
                { try ArticleGenerator(latent: latent, width: width, picture: picture, device: device) },
                { try ArticleDiscriminator(width: judge, picture: picture, device: device) }
            )
        }
    }

    private static func loss(_ objective: Objective) throws -> any AdversarialLoss {
        switch objective {
        case .nonSaturating: return NonSaturatingLoss()
        default:
            throw invalid(
                "objective", objective.rawValue,
                allowed: Objective.implemented.map(\.rawValue).joined(separator: ", ") + " so far")
        }
    }
}

private func invalid(_ path: String, _ given: String, allowed: String) -> ConfigurationError {
    .invalidValue(path: path, given: given, allowed: allowed, place: nil)
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
