public import Torch

/// How a layer's numbers start. All draw from the default random generator, on the CPU, so that a seed gives the same
/// network on every device.
public enum Initializers {
    /// PyTorch's default for linear and convolution weights: uniform within ±1/√fan-in, which is what its
    /// `kaiming_uniform_` gives with a = √5 (He et al. 2015, arXiv 1502.01852).
    public static func defaultUniform(_ shape: [Int], fanIn: Int) throws -> Tensor {
        // The same steps as PyTorch takes, so that the bound rounds the same.
        let slope = 5.0.squareRoot()
        let gain = (2 / (1 + slope * slope)).squareRoot()
        let bound = 3.0.squareRoot() * (gain / Double(fanIn).squareRoot())
        return try uniform(shape, bound: bound)
    }

    /// PyTorch's default for the biases of those: uniform within ±1/√fan-in.
    public static func defaultBias(_ count: Int, fanIn: Int) throws -> Tensor {
        try uniform([count], bound: 1 / Double(fanIn).squareRoot())
    }

    private static func uniform(_ shape: [Int], bound: Double) throws -> Tensor {
        let result = try Tensor.zeros(shape)
        try result.fillUniformInPlace(-bound, bound)
        return result
    }

    /// Normal numbers, as DCGAN starts with (deviation 0.02).
    public static func normal(_ shape: [Int], mean: Double = 0, deviation: Double) throws -> Tensor {
        let result = try Tensor.zeros(shape)
        try result.fillNormalInPlace(mean: mean, deviation: deviation)
        return result
    }

    /// Draws the weights of all linear layers and convolutions inside anew, uniform within ±√(6 / (fan-in + fan-out)), and sets their biases to 0
    /// (Glorot and Bengio 2010).
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
