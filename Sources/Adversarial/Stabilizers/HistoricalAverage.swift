import Torch

/// Historical averaging: adds λ ‖θ − 1/t Σ θᵢ‖² to a player's loss, which pulls its parameters toward their mean over
/// all steps so far. The gradient is 2λ (θ − mean), with the mean held constant.
///
/// Source: Salimans et al. 2016 (arXiv 1606.03498), section 3.3.
final class HistoricalAverage {
    private let parameters: [Tensor]
    private let means: [Tensor]
    private let steps: Tensor
    private let weight: Double

    init(of parameters: [Tensor], weight: Double) throws {
        self.parameters = parameters
        self.weight = weight
        means = try parameters.map { try $0.zerosLike() }
        steps = try Tensor.zeros([], device: parameters.first?.device ?? .cpu)
    }

    /// The state to save in checkpoints.
    var state: [(name: String, tensor: Tensor)] {
        means.enumerated().map { ("mean.\($0)", $1) } + [("steps", steps)]
    }

    /// Updates the mean with the current parameters, then returns the gradients with the pull added.
    func pulling(_ gradients: [Tensor]) throws -> [Tensor] {
        try withoutGradients {
            try steps.addInPlace(Tensor.ones([], device: steps.device))
            return try zip(zip(parameters, means), gradients).map { pair, gradient in
                let (parameter, mean) = pair
                try mean.addQuotientInPlace(parameter - mean, steps)
                return try gradient + (parameter - mean) * (2 * weight)
            }
        }
    }
}
