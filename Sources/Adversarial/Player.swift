public import Networks
public import Torch

/// One side of the game: a network and the optimiser that trains it.
public final class Player {
    public let network: any Module
    public let optimizer: any Optimizer
    /// The network's parameters, in the optimiser's order.
    public let parameters: [Tensor]
    private let normalizedLayers: [any SpectralLayer]

    public init(_ network: any Module, optimizer: ([Tensor]) throws -> any Optimizer) rethrows {
        self.network = network
        parameters = network.parameters
        normalizedLayers = network.normalizedLayers
        self.optimizer = try optimizer(parameters)
    }

    /// Updates the parameters against their gradients.
    func update(_ gradients: [Tensor]) throws {
        try optimizer.step(gradients)
        for layer in normalizedLayers { try layer.followUpdate() }
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor { try network(input) }
}
