import Adversarial
import Networks
import Recipes
import Torch

/// The two networks that a configuration describes, each made when it is asked for: making one draws its parameters from
/// the default random generator.
struct NetworkPlan {
    private let options: TrainingConfiguration.NetworkOptions
    private let kind: Kind
    private let device: Device

    private enum Kind {
        case points(dimensions: Int)
        case maxout(dimensions: Int)
        case article(PictureShape)
        case dcgan(PictureShape)
        case residual(PictureShape)
        case r3gan(PictureShape)
    }

    /// - Parameter exampleShape: `[channels, height, width]`, or `[2]` for points.
    /// - Throws: `ConfigurationError` if the architecture does not make such examples.
    init(_ options: TrainingConfiguration.NetworkOptions, exampleShape shape: [Int], device: Device) throws {
        self.options = options
        self.device = device
        switch (options.architecture, shape.count) {
        case (.mlp, 1): kind = .points(dimensions: shape[0])
        case (.maxout, 1): kind = .maxout(dimensions: shape[0])
        case (.article, 3): kind = .article(try NetworkPlan.picture(shape))
        case (.dcgan, 3): kind = .dcgan(try NetworkPlan.picture(shape))
        case (.residual, 3): kind = .residual(try NetworkPlan.picture(shape))
        case (.r3gan, 3): kind = .r3gan(try NetworkPlan.picture(shape))
        case (.custom, _):
            throw ConfigurationError.conflict(
                "The networks of this configuration are a Swift program's own (“network.architecture” is custom); only that program can "
                    + "make them.")
        case (.mlp, _), (.maxout, _):
            throw ConfigurationError.invalid(
                "network.architecture", options.architecture.rawValue,
                allowed: "article, dcgan, residual or r3gan for images; mlp and maxout are for ring and grid")
        case (let other, _):
            throw ConfigurationError.invalid(
                "network.architecture", other.rawValue, allowed: "mlp or maxout for points such as ring and grid")
        }
    }

    private static func picture(_ shape: [Int]) throws -> PictureShape {
        let picture = PictureShape(channels: shape[0], size: shape[2])
        guard shape[1] == shape[2], PictureShape.sizes.contains(picture.size) else {
            throw ConfigurationError.invalid(
                "data.imageSize", "\(shape[2])×\(shape[1])",
                allowed: "28, 32, 64 or 128; give one with --image-size, and the images are resized and cropped")
        }
        return picture
    }

    /// How many inputs virtual batch norm takes its statistics from.
    private static let referenceCount = 64

    func generator() throws -> any Module {
        guard options.virtualBatchNorm else { return try plainGenerator(.batch) }
        let reference = try LatentSpace(options).inputs(NetworkPlan.referenceCount, device: device)
        return ReferencedNetwork(
            try plainGenerator(.virtualBatch(reference: NetworkPlan.referenceCount)), reference: reference)
    }

    private func plainGenerator(_ normalization: Normalization) throws -> any Module {
        // Where the generator is asked for a class, it comes behind the latent vector.
        let (latent, width) = (options.latent + options.classes, options.generatorWidth)
        switch kind {
        case .points(let dimensions):
            return try MultilayerPerceptron(
                latent, hidden: [width, width, width], dimensions, activation: { ReLU() }, device: device)
        case .maxout(let dimensions):
            return try MaxoutNetworks.generator(
                latent: latent, width: width, dimensions: dimensions, normalization: normalization, device: device)
        case .article(let picture):
            return try ArticleGenerator(latent: latent, width: width, picture: picture, device: device)
        case .dcgan(let picture):
            return try DCGANGenerator(
                latent: latent, width: width, picture: picture, normalization: normalization, device: device)
        case .residual(let picture):
            return try ResidualGenerator(
                latent: latent, width: width, picture: picture, normalization: normalization, device: device)
        case .r3gan(let picture):
            return try R3GANGenerator(latent: latent, width: width, picture: picture, device: device)
        }
    }

    /// A discriminator of `packing` examples at once, which are laid behind each other as channels or coordinates.
    ///
    /// - Parameter isAutoencoder: for BEGAN: its answer is how badly it copies an example.
    func discriminator(isAutoencoder: Bool = false, packing: Int = 1) throws -> any Module {
        let network = try isAutoencoder ? autoencoder(packing) : plainDiscriminator(packing)
        if options.spectralNorm { try network.normalizeSpectrally() }
        return network
    }

    /// An encoder built as the discriminator is, and a decoder as the generator is, of the discriminator's width.
    private func autoencoder(_ packing: Int) throws -> any Module {
        guard packing == 1 else {
            throw ConfigurationError.invalid(
                "training.packing", "\(packing)",
                allowed: "1 with the objective began, whose discriminator copies single examples")
        }
        let (code, width) = (options.latent, options.discriminatorWidth)
        switch kind {
        case .points(let dimensions):
            func network(_ inputs: Int, _ outputs: Int) throws -> any Module {
                try MultilayerPerceptron(
                    inputs, hidden: [width, width], outputs, activation: { LeakyReLU(0.2) }, device: device)
            }
            // A code as long as the points would copy anything.
            let code = max(1, min(code, dimensions - 1))
            return AutoencoderDiscriminator(
                encoder: try network(dimensions, code), decoder: try network(code, dimensions))
        case .article(let picture):
            return AutoencoderDiscriminator(
                encoder: try ArticleDiscriminator(width: width, picture: picture, outputs: code, device: device),
                decoder: try ArticleGenerator(
                    latent: code, width: width, picture: picture, isBounded: false, device: device))
        case .maxout, .dcgan, .residual, .r3gan:
            throw ConfigurationError.invalid(
                "network.architecture", options.architecture.rawValue,
                allowed: "article or mlp with the objective began, whose discriminator is an autoencoder")
        }
    }

    private func plainDiscriminator(_ packing: Int) throws -> any Module {
        let (width, kernels) = (options.discriminatorWidth, options.minibatchDiscrimination)
        /// With the channels of a whole set, and one for each class that it is told.
        func seen(_ picture: PictureShape) -> PictureShape {
            PictureShape(channels: packing * picture.channels + options.classes, size: picture.size)
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
        case .article(let picture):
            return try ArticleDiscriminator(
                width: width, picture: seen(picture), minibatchKernels: kernels, device: device)
        case .dcgan(let picture):
            return try DCGANDiscriminator(
                width: width, picture: seen(picture), minibatchKernels: kernels, device: device)
        case .residual(let picture):
            return try ResidualDiscriminator(
                width: width, picture: seen(picture), minibatchKernels: kernels, device: device)
        case .r3gan(let picture):
            return try R3GANDiscriminator(
                width: width, picture: seen(picture), minibatchKernels: kernels, device: device)
        }
    }
}

extension ConfigurationError {
    /// The error for a value that does not go together with the rest.
    static func invalid(_ path: String, _ given: String, allowed: String) -> ConfigurationError {
        .invalidValue(path: path, given: given, allowed: allowed, place: nil)
    }
}
