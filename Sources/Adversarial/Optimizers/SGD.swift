public import Torch

/// Stochastic gradient descent: θ −= η·g; with momentum μ, b = μb + g (initially b = g) and θ −= η·b.
///
/// Source: Robbins and Monro 1951; momentum as in PyTorch (Sutskever et al. 2013, but with η outside).
public final class SGD: DifferentiableOptimizer {
    public var learningRate: Double
    public let momentum: Double
    public let weightDecay: Double

    private let parameters: [Tensor]
    private let velocities: [Tensor]

    public init(_ parameters: [Tensor], learningRate: Double, momentum: Double = 0, weightDecay: Double = 0) throws {
        self.parameters = parameters
        self.learningRate = learningRate
        self.momentum = momentum
        self.weightDecay = weightDecay
        velocities = momentum > 0 ? try parameters.map { try $0.zerosLike() } : []
    }

    public func step(_ gradients: [Tensor]) throws {
        try withoutGradients {
            for (index, parameter) in parameters.enumerated() {
                var change = try gradients[index].decayed(towards: parameter, by: weightDecay)
                if momentum > 0 {
                    try velocities[index].multiplyInPlace(by: momentum)
                    try velocities[index].addInPlace(change)
                    change = velocities[index]
                }
                try parameter.addInPlace(change, scale: -learningRate)
            }
        }
    }

    func lookahead() -> any Lookahead { SGD.Steps(self, velocities) }

    public var state: [(name: String, tensor: Tensor)] { named("velocity", velocities) }
}
