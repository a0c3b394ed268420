public import Torch

/// Changes parameters against their gradients.
public protocol Optimizer: AnyObject {
    var learningRate: Double { get set }

    /// One step with the gradient of each parameter, in the parameters' order.
    func step(_ gradients: [Tensor]) throws

    /// Everything that the next step depends on besides the parameters, by name: for checkpoints.
    var state: [(name: String, tensor: Tensor)] { get }
}

/// An optimiser whose steps can be differentiated.
protocol DifferentiableOptimizer: Optimizer {
    /// The steps that it would take from now on.
    func lookahead() throws -> any Lookahead
}

extension Optimizer {
    /// Overwrites the state with what a checkpoint holds; names start with `prefix`.
    public func load(_ file: Safetensors, prefix: String) throws {
        for (name, tensor) in state {
            try tensor.copyInPlace(from: file.tensor(prefix + name, like: tensor))
        }
    }

    func named(_ name: String, _ tensors: [Tensor]) -> [(name: String, tensor: Tensor)] {
        tensors.enumerated().map { ("\(name).\($0)", $1) }
    }
}
