public import Networks
public import Torch

/// One side of the game: a network and the optimizer that trains it.
public final class Player {
    public let network: any Module
    public let optimizer: any Optimizer
    /// The network's parameters, in the optimizer's order.
    public let parameters: [Tensor]
    /// Pulls the parameters toward their historical mean.
    let history: HistoricalAverage?
    /// Called before each update with the gradients, in the order of the parameters.
    public var gradientListener: (([Tensor]) -> Void)?
    private let normalizedLayers: [any SpectralLayer]

    /// - Parameter historicalAverage: the weight of the parameters' squared distance from their historical mean; 0
    ///   disables it.
    public init(
        _ network: any Module, historicalAverage: Double = 0, optimizer: ([Tensor]) throws -> any Optimizer
    ) throws {
        self.network = network
        parameters = network.parameters
        guard !parameters.isEmpty else {
            throw TorchError(
                .invalidOperation,
                "\(type(of: network)) has no parameters to train; its visit(_:) must list its layers and parameters.")
        }
        var names: Set<String> = []
        for entry in network.state where !names.insert(entry.name).inserted {
            throw TorchError(
                .invalidOperation,
                "\(type(of: network)) has two tensors named \(entry.name); give each its own name in visit(_:).")
        }
        normalizedLayers = network.normalizedLayers
        self.optimizer = try optimizer(parameters)
        history = historicalAverage > 0 ? try HistoricalAverage(of: parameters, weight: historicalAverage) : nil
    }

    /// Updates the parameters with their gradients.
    func update(_ gradients: [Tensor]) throws {
        gradientListener?(gradients)
        try optimizer.step(history?.pulling(gradients) ?? gradients)
        for layer in normalizedLayers { try layer.updateSpectralNorm() }
    }

    /// The optimizer's next steps, as differentiable functions.
    func lookahead() throws -> any Lookahead {
        guard let optimizer = optimizer as? any DifferentiableOptimizer else {
            throw TorchError(
                .invalidOperation,
                "The updates of \(type(of: optimizer)) are not differentiable, as unrolled steps require.")
        }
        return try optimizer.lookahead()
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor { try network(input) }
}
