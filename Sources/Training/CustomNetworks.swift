public import Networks
import Recipes

/// A program's own networks, in place of those named by a configuration.
///
/// Each closure is called once per trainer, the generator's first (and once more with `training.exponentialMovingAverage`), so
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
    let made = MadeNetworks()

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
final class CustomNetworkFactory: NetworkFactory {
    private let networks: CustomNetworks
    private let isSpectrallyNormalized: Bool

    init(networks: CustomNetworks, isSpectrallyNormalized: Bool) {
        self.networks = networks
        self.isSpectrallyNormalized = isSpectrallyNormalized
    }

    func generator() throws -> any Module { try new(networks.generator, "generator") }

    func discriminator(isAutoencoder: Bool, packing: Int) throws -> any Module {
        let network = try new(networks.discriminator, "discriminator")
        if isSpectrallyNormalized { try network.normalizeSpectrally() }
        return network
    }

    /// A network that no trainer has got before: a shared one would be trained twice, or go on from where another run ended.
    private func new(_ make: () throws -> any Module, _ name: String) throws -> any Module {
        let network = try make()
        guard networks.made.insert(network) else {
            throw ConfigurationError.conflict(
                "CustomNetworks.\(name) returned the same network twice; it must create a new one each time.")
        }
        return network
    }
}

/// The networks that closures have returned, as long as they live.
final class MadeNetworks {
    private struct Entry { weak var network: (any Module)? }
    private var entries: [Entry] = []

    /// Notes a network; returns `false` if it is known.
    func insert(_ network: any Module) -> Bool {
        entries.removeAll { $0.network == nil }
        guard !entries.contains(where: { $0.network === network }) else { return false }
        entries.append(Entry(network: network))
        return true
    }
}
