public import Networks

/// A program's own networks, in place of those named by a configuration.
///
/// Each closure is called once per trainer, the generator's first (and once more with `training.generatorAverage`), so
/// that both networks draw their parameters from the default random generator, which the trainer has seeded. A network
/// must name its layers and parameters in `visit(_:)`, in the order of construction, and be on the training device.
public struct CustomNetworks {
    /// Creates the generator: from `[batch, latent]`, or `[batch, latent + classes]` if conditional, to `[batch] +
    /// exampleShape`.
    public var generator: () throws -> any Module
    /// Creates the discriminator: from `[batch] + exampleShape` to one number per example, `[batch, 1]`. With
    /// `training.packing`, several examples are concatenated as channels or coordinates; a conditional discriminator
    /// receives one additional channel or coordinate per class.
    public var discriminator: () throws -> any Module

    public init(
        generator: @escaping () throws -> any Module, discriminator: @escaping () throws -> any Module
    ) {
        self.generator = generator
        self.discriminator = discriminator
    }
}

/// Creates the two networks of a game on demand; each creation draws parameters from the default random generator.
protocol NetworkFactory {
    func generator() throws -> any Module
    /// - Parameters:
    ///   - isAutoencoder: for BEGAN: the discriminator is an autoencoder, and its output is the reconstruction error.
    ///   - packing: the number of examples that it sees at once.
    func discriminator(isAutoencoder: Bool, packing: Int) throws -> any Module
}

extension NetworkPlan: NetworkFactory {}

/// Creates a program's own networks.
struct CustomNetworkFactory: NetworkFactory {
    let networks: CustomNetworks
    let isSpectrallyNormalized: Bool

    func generator() throws -> any Module { try networks.generator() }

    func discriminator(isAutoencoder: Bool, packing: Int) throws -> any Module {
        let network = try networks.discriminator()
        if isSpectrallyNormalized { try network.normalizeSpectrally() }
        return network
    }
}
