public import Torch

/// Initial values of layers' parameters, drawn on the CPU from the default random generator, so that a random seed
/// gives the same network on every device.
public enum Initializers {
    /// PyTorch's default for linear and convolution weights: uniform in ±1/√fan-in, which is `kaiming_uniform_` with
    /// a = √5 (He et al. 2015, arXiv 1502.01852).
    public static func defaultUniform(_ shape: [Int], fanIn: Int) throws -> Tensor {
        // Follow PyTorch's steps exactly, so that the bound rounds to the same value.
        let slope = 5.0.squareRoot()
        let gain = (2 / (1 + slope * slope)).squareRoot()
        let bound = 3.0.squareRoot() * (gain / Double(fanIn).squareRoot())
        return try uniform(shape, bound: bound)
    }

    /// PyTorch's default for the biases of these layers: uniform in ±1/√fan-in.
    public static func defaultBias(_ count: Int, fanIn: Int) throws -> Tensor {
        try uniform([count], bound: 1 / Double(fanIn).squareRoot())
    }

    private static func uniform(_ shape: [Int], bound: Double) throws -> Tensor {
        let result = try Tensor.zeros(shape)
        try result.fillUniformInPlace(-bound, bound)
        return result
    }

    /// Normally distributed values; DCGAN uses a standard deviation of 0.02.
    public static func normal(_ shape: [Int], mean: Double = 0, deviation: Double) throws -> Tensor {
        let result = try Tensor.zeros(shape)
        try result.fillNormalInPlace(mean: mean, deviation: deviation)
        return result
    }

    /// Reinitializes all linear layers and convolutions in a network: weights uniform in ±√(6 / (fan-in + fan-out)),
    /// biases 0 (Glorot and Bengio 2010).
    static func xavier(_ network: any Module) throws {
        for case let layer as any SpectralLayer in network.innerModules {
            let shape = layer.weight.shape
            let places = shape.dropFirst(2).reduce(1, *)
            let bound = (6 / Double((shape[0] + shape[1]) * places)).squareRoot()
            try withoutGradients {
                try layer.weight.copyInPlace(from: uniform(shape, bound: bound))
                for entry in layer.state where entry.name == "bias" { try entry.tensor.fillInPlace(0) }
            }
        }
    }
}
