public import Networks
public import Torch

/// One side of the game: a network and the optimiser that trains it.
public final class Player {
    public let network: any Module
    public let optimizer: any Optimizer
    /// The network's parameters, in the optimiser's order.
    public let parameters: [Tensor]
    /// The mean of its parameters so far, to which they are pulled.
    let history: HistoricalAverage?
    /// Is shown the gradients that an update follows, in the parameters' order, before it is made.
    public var gradientListener: (([Tensor]) -> Void)?
    private let normalizedLayers: [any SpectralLayer]

    /// - Parameter historicalAverage: the weight of the parameters' squared distance from their mean so far.
    public init(
        _ network: any Module, historicalAverage: Double = 0, optimizer: ([Tensor]) throws -> any Optimizer
    ) throws {
        self.network = network
        parameters = network.parameters
        guard !parameters.isEmpty else {
            throw TorchError(
                .invalidOperation,
                "\(type(of: network)) has nothing to train; its visit(_:) must name its layers and parameters.")
        }
        normalizedLayers = network.normalizedLayers
        self.optimizer = try optimizer(parameters)
        history = historicalAverage > 0 ? try HistoricalAverage(of: parameters, weight: historicalAverage) : nil
    }

    /// Updates the parameters against their gradients.
    func update(_ gradients: [Tensor]) throws {
        gradientListener?(gradients)
        try optimizer.step(history?.pulling(gradients) ?? gradients)
        for layer in normalizedLayers { try layer.followUpdate() }
    }

    /// The optimiser's next steps, as functions.
    func lookahead() throws -> any Lookahead {
        guard let optimizer = optimizer as? any DifferentiableOptimizer else {
            throw TorchError(.invalidOperation, "The steps of \(type(of: optimizer)) cannot be differentiated.")
        }
        return try optimizer.lookahead()
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor { try network(input) }
}
