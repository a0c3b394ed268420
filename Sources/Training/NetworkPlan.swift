import Adversarial
import Networks
import Recipes
import Torch

/// The two networks described by a configuration, each created on demand; each creation draws parameters from the
/// default random generator.
struct NetworkPlan {
    private let options: TrainingConfiguration.NetworkOptions
    private let kind: Kind
    private let device: Device

    private enum Kind {
        case points(dimensions: Int)
        case maxout(dimensions: Int)
        case article(ImageShape)
        case dcgan(ImageShape)
        case residual(ImageShape)
        case r3gan(ImageShape)
    }

    /// - Parameter exampleShape: `[channels, height, width]`, or `[2]` for points.
    /// - Throws: `ConfigurationError` if the architecture cannot produce such examples.
    init(_ options: TrainingConfiguration.NetworkOptions, exampleShape shape: [Int], device: Device) throws {
        self.options = options
        self.device = device
        switch (options.architecture, shape.count) {
        case (.mlp, 1): kind = .points(dimensions: shape[0])
        case (.maxout, 1): kind = .maxout(dimensions: shape[0])
        case (.article, 3): kind = .article(try NetworkPlan.image(shape))
        case (.dcgan, 3): kind = .dcgan(try NetworkPlan.image(shape))
        case (.residual, 3): kind = .residual(try NetworkPlan.image(shape))
        case (.r3gan, 3): kind = .r3gan(try NetworkPlan.image(shape))
        case (.custom, _):
            throw ConfigurationError.conflict(
                "This configuration uses the networks of a Swift program (“network.architecture” is custom); only that program "
                    + "can create them.")
        case (.mlp, _), (.maxout, _):
            throw ConfigurationError.invalid(
                "network.architecture", options.architecture.rawValue,
                allowed: "article, dcgan, residual or r3gan for images; mlp and maxout are for ring and grid")
        case (let other, _):
            throw ConfigurationError.invalid(
                "network.architecture", other.rawValue, allowed: "mlp or maxout for points such as ring and grid")
        }
    }

    private static func image(_ shape: [Int]) throws -> ImageShape {
        let image = ImageShape(channels: shape[0], size: shape[2])
        guard shape[1] == shape[2], ImageShape.sizes.contains(image.size) else {
            throw ConfigurationError.invalid(
                "data.imageSize", "\(shape[2])×\(shape[1])",
                allowed: "28, 32, 64 or 128; set one with --image-size to resize and crop the images")
        }
        return image
    }

    /// The number of inputs from which virtual batch norm takes its statistics.
    private static let referenceCount = 64

    func generator() throws -> any Module {
        guard options.virtualBatchNorm else { return try plainGenerator(.batch) }
        let reference = try LatentSpace(options).inputs(NetworkPlan.referenceCount, device: device)
        return ReferencedNetwork(
            try plainGenerator(.virtualBatch(reference: NetworkPlan.referenceCount)), reference: reference)
    }

    private func plainGenerator(_ normalization: Normalization) throws -> any Module {
        // In a conditional generator, the class follows the latent vector.
        let (latent, width) = (options.latent + options.classes, options.generatorWidth)
        switch kind {
        case .points(let dimensions):
            return try MultilayerPerceptron(
                latent, hidden: [width, width, width], dimensions, activation: { ReLU() }, device: device)
        case .maxout(let dimensions):
            return try MaxoutNetworks.generator(
                latent: latent, width: width, dimensions: dimensions, normalization: normalization, device: device)
        case .article(let image):
            return try ArticleGenerator(latent: latent, width: width, image: image, device: device)
        case .dcgan(let image):
            return try DCGANGenerator(
                latent: latent, width: width, image: image, normalization: normalization, device: device)
        case .residual(let image):
            return try ResidualGenerator(
                latent: latent, width: width, image: image, normalization: normalization, device: device)
        case .r3gan(let image):
            return try R3GANGenerator(latent: latent, width: width, image: image, device: device)
        }
    }

    /// Creates a discriminator that sees `packing` examples at once, concatenated as channels or coordinates.
    ///
    /// - Parameter isAutoencoder: for BEGAN: the discriminator is an autoencoder, and its output is the reconstruction
    ///   error.
    func discriminator(isAutoencoder: Bool = false, packing: Int = 1) throws -> any Module {
        let network = try isAutoencoder ? autoencoder(packing) : plainDiscriminator(packing)
        if options.spectralNorm { try network.normalizeSpectrally() }
        return network
    }

    /// Creates an encoder with the discriminator's structure and a decoder with the generator's, both of the
    /// discriminator's width.
    private func autoencoder(_ packing: Int) throws -> any Module {
        guard packing == 1 else {
            throw ConfigurationError.invalid(
                "training.packing", "\(packing)",
                allowed: "1 with the objective began, whose discriminator reconstructs single examples")
        }
        let (code, width) = (options.latent, options.discriminatorWidth)
        switch kind {
        case .points(let dimensions):
            func network(_ inputs: Int, _ outputs: Int) throws -> any Module {
                try MultilayerPerceptron(
                    inputs, hidden: [width, width], outputs, activation: { LeakyReLU(0.2) }, device: device)
            }
            // A code as long as the points could copy everything.
            let code = max(1, min(code, dimensions - 1))
            return AutoencoderDiscriminator(
                encoder: try network(dimensions, code), decoder: try network(code, dimensions))
        case .article(let image):
            return AutoencoderDiscriminator(
                encoder: try ArticleDiscriminator(width: width, image: image, outputs: code, device: device),
                decoder: try ArticleGenerator(
                    latent: code, width: width, image: image, isBounded: false, device: device))
        case .maxout, .dcgan, .residual, .r3gan:
            throw ConfigurationError.invalid(
                "network.architecture", options.architecture.rawValue,
                allowed: "article or mlp with the objective began, whose discriminator is an autoencoder")
        }
    }

    private func plainDiscriminator(_ packing: Int) throws -> any Module {
        let (width, kernels) = (options.discriminatorWidth, options.minibatchDiscrimination)
        /// The input shape: the channels of all packed examples, plus one channel per class.
        func inputShape(_ image: ImageShape) -> ImageShape {
            ImageShape(channels: packing * image.channels + options.classes, size: image.size)
        }
        switch kind {
        case .points(let dimensions):
            return try MultilayerPerceptron(
                packing * dimensions + options.classes, hidden: [width, width, width], 1, minibatchKernels: kernels,
                activation: { LeakyReLU(0.2) }, device: device)
        case .maxout(let dimensions):
            return try MaxoutNetworks.discriminator(
                dimensions: packing * dimensions + options.classes, width: width, minibatchKernels: kernels,
                device: device)
        case .article(let image):
            return try ArticleDiscriminator(
                width: width, image: inputShape(image), minibatchKernels: kernels, device: device)
        case .dcgan(let image):
            return try DCGANDiscriminator(
                width: width, image: inputShape(image), minibatchKernels: kernels, device: device)
        case .residual(let image):
            return try ResidualDiscriminator(
                width: width, image: inputShape(image), minibatchKernels: kernels, device: device)
        case .r3gan(let image):
            return try R3GANDiscriminator(
                width: width, image: inputShape(image), minibatchKernels: kernels, device: device)
        }
    }
}

extension ConfigurationError {
    /// The error for a value that conflicts with the rest of the configuration.
    static func invalid(_ path: String, _ given: String, allowed: String) -> ConfigurationError {
        .invalidValue(path: path, given: given, allowed: allowed, place: nil)
    }
}
