import Networks
import Runs
import Torch

/// The two networks that a configuration describes, each made when it is asked for: making one draws its parameters from
/// the default random generator.
struct NetworkPlan {
    private let options: Configuration.NetworkOptions
    private let kind: Kind
    private let device: Device

    private enum Kind {
        case points(dimensions: Int)
        case maxout(dimensions: Int)
        case article(PictureShape)
        case dcgan(PictureShape)
    }

    /// - Parameter exampleShape: `[channels, height, width]`, or `[2]` for points.
    /// - Throws: `ConfigurationError` if the architecture does not make such examples.
    init(_ options: Configuration.NetworkOptions, exampleShape shape: [Int], device: Device) throws {
        self.options = options
        self.device = device
        switch (options.architecture, shape.count) {
        case (.mlp, 1): kind = .points(dimensions: shape[0])
        case (.maxout, 1): kind = .maxout(dimensions: shape[0])
        case (.article, 3): kind = .article(try NetworkPlan.picture(shape))
        case (.dcgan, 3): kind = .dcgan(try NetworkPlan.picture(shape))
        case (.mlp, _), (.maxout, _):
            throw ConfigurationError.invalid(
                "network.architecture", options.architecture.rawValue,
                allowed: "article or dcgan for images; mlp and maxout are for ring and grid")
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

    func generator() throws -> any Module {
        let (latent, width) = (options.latent, options.generatorWidth)
        switch kind {
        case .points(let dimensions):
            return try MultilayerPerceptron(
                latent, hidden: [width, width, width], dimensions, activation: { ReLU() }, device: device)
        case .maxout(let dimensions):
            return try MaxoutNetworks.generator(latent: latent, width: width, dimensions: dimensions, device: device)
        case .article(let picture):
            return try ArticleGenerator(latent: latent, width: width, picture: picture, device: device)
        case .dcgan(let picture):
            return try DCGANGenerator(latent: latent, width: width, picture: picture, device: device)
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
        case .maxout, .dcgan:
            throw ConfigurationError.invalid(
                "network.architecture", options.architecture.rawValue,
                allowed: "article or mlp with the objective began, whose discriminator is an autoencoder")
        }
    }

    private func plainDiscriminator(_ packing: Int) throws -> any Module {
        let width = options.discriminatorWidth
        func packed(_ picture: PictureShape) -> PictureShape {
            PictureShape(channels: packing * picture.channels, size: picture.size)
        }
        switch kind {
        case .points(let dimensions):
            return try MultilayerPerceptron(
                packing * dimensions, hidden: [width, width, width], 1, activation: { LeakyReLU(0.2) }, device: device)
        case .maxout(let dimensions):
            return try MaxoutNetworks.discriminator(dimensions: packing * dimensions, width: width, device: device)
        case .article(let picture):
            return try ArticleDiscriminator(width: width, picture: packed(picture), device: device)
        case .dcgan(let picture):
            return try DCGANDiscriminator(width: width, picture: packed(picture), device: device)
        }
    }
}

extension ConfigurationError {
    /// The error for a value that does not go together with the rest.
    static func invalid(_ path: String, _ given: String, allowed: String) -> ConfigurationError {
        .invalidValue(path: path, given: given, allowed: allowed, place: nil)
    }
}
