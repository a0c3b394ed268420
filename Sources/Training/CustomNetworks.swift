public import Networks

/// A program's own two networks, in place of those that a configuration names.
///
/// Each closure is called once per trainer (the generator's twice with `training.generatorAverage`), the generator's first, so that both
/// draw their parameters from the default random generator, which the trainer has seeded. A network must name its layers and parameters
/// in `visit(_:)`, in the order of construction, and live on the training's device.
public struct CustomNetworks {
    /// Makes the generator: from `[batch, latent]`, or `[batch, latent + classes]` if it is conditional, to `[batch] + exampleShape`.
    public var generator: () throws -> any Module
    /// Makes the discriminator: from `[batch] + exampleShape`, with `training.packing` examples behind each other as channels or
    /// coordinates and a channel or coordinate per class if it is conditional, to one number per example, `[batch, 1]`.
    public var discriminator: () throws -> any Module

    public init(
        generator: @escaping () throws -> any Module, discriminator: @escaping () throws -> any Module
    ) {
        self.generator = generator
        self.discriminator = discriminator
    }
}

/// Makes the two networks of a game, each when it is asked for: making one draws its parameters from the default random generator.
protocol NetworkFactory {
    func generator() throws -> any Module
    /// - Parameters:
    ///   - isAutoencoder: for BEGAN: the answer is how badly the network copies an example.
    ///   - packing: how many examples it sees at once.
    func discriminator(isAutoencoder: Bool, packing: Int) throws -> any Module
}

extension NetworkPlan: NetworkFactory {}

/// The factory of a program's own networks.
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
