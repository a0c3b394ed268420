public import Torch

/// RMSprop: v = αv + (1−α)g², θ −= η · g / (√v + ε); with momentum μ, b = μb + g / (√v + ε) and θ −= η·b.
///
/// Source: Tieleman and Hinton 2012, lecture 6.5 of "Neural Networks for Machine Learning"; ε is placed as in PyTorch.
public final class RMSProp: DifferentiableOptimizer {
    public var learningRate: Double
    public let smoothing: Double
    public let epsilon: Double
    public let weightDecay: Double
    public let momentum: Double

    private let parameters: [Tensor]
    private let meanSquares: [Tensor]
    private let velocities: [Tensor]

    public init(
        _ parameters: [Tensor], learningRate: Double, smoothing: Double = 0.99, epsilon: Double = 1e-8,
        weightDecay: Double = 0, momentum: Double = 0
    ) throws {
        self.parameters = parameters
        self.learningRate = learningRate
        self.smoothing = smoothing
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.momentum = momentum
        meanSquares = try parameters.map { try $0.zerosLike() }
        velocities = momentum > 0 ? try parameters.map { try $0.zerosLike() } : []
    }

    public func step(_ gradients: [Tensor]) throws {
        try withoutGradients {
            for (index, parameter) in parameters.enumerated() {
                let gradient = try gradients[index].decayed(towards: parameter, by: weightDecay)
                let meanSquare = meanSquares[index]
                try meanSquare.multiplyInPlace(by: smoothing)
                try meanSquare.addProductInPlace(gradient, gradient, scale: 1 - smoothing)
                let size = try meanSquare.squareRoot() + epsilon
                if momentum > 0 {
                    try velocities[index].multiplyInPlace(by: momentum)
                    try velocities[index].addQuotientInPlace(gradient, size)
                    try parameter.addInPlace(velocities[index], scale: -learningRate)
                } else {
                    try parameter.addQuotientInPlace(gradient, size, scale: -learningRate)
                }
            }
        }
    }

    func lookahead() -> any Lookahead { RMSProp.Steps(self, meanSquares, velocities) }

    public var state: [(name: String, tensor: Tensor)] {
        named("mean_square", meanSquares) + named("velocity", velocities)
    }
}

extension Tensor {
    /// The gradient including that of an L2 penalty: g + λθ.
    func decayed(towards parameter: Tensor, by weightDecay: Double) throws -> Tensor {
        weightDecay == 0 ? self : try self + weightDecay * parameter
    }
}
