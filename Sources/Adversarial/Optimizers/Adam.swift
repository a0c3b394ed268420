public import Torch

/// Adam: m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², θ −= η · m̂ / (√v̂ + ε), where m̂ and v̂ are the bias-corrected
/// moments. With `decoupledDecay`, this is AdamW, which shrinks the parameters by η·λ instead of adding λθ to the
/// gradient.
///
/// Source: Kingma and Ba 2014 (arXiv 1412.6980); Loshchilov and Hutter 2017 (arXiv 1711.05101).
public final class Adam: DifferentiableOptimizer {
    public var learningRate: Double
    public let beta1: Double
    public let beta2: Double
    public let epsilon: Double
    public let weightDecay: Double
    public let decoupledDecay: Bool

    private let parameters: [Tensor]
    private let firstMoments: [Tensor]
    private let secondMoments: [Tensor]
    private let steps: [Tensor]

    public init(
        _ parameters: [Tensor], learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999,
        epsilon: Double = 1e-8, weightDecay: Double = 0, decoupledDecay: Bool = false
    ) throws {
        self.parameters = parameters
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.decoupledDecay = decoupledDecay
        firstMoments = try parameters.map { try $0.zerosLike() }
        secondMoments = try parameters.map { try $0.zerosLike() }
        steps = try parameters.map { try Tensor.zeros([], device: $0.device) }
    }

    public func step(_ gradients: [Tensor]) throws {
        try withoutGradients {
            try adamStep(
                parameters: parameters, gradients: gradients, firstMoments: firstMoments, secondMoments: secondMoments,
                steps: steps, learningRate: learningRate, beta1: beta1, beta2: beta2, weightDecay: weightDecay,
                epsilon: epsilon, decoupledDecay: decoupledDecay)
        }
    }

    func lookahead() throws -> any Lookahead {
        Adam.Steps(self, firstMoments, secondMoments, count: Int(try steps.first?.item() ?? 0))
    }

    public var state: [(name: String, tensor: Tensor)] {
        named("first_moment", firstMoments) + named("second_moment", secondMoments) + named("step", steps)
    }
}
