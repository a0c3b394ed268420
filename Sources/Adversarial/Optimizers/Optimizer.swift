public import Torch

/// Updates parameters with their gradients.
public protocol Optimizer: AnyObject {
    var learningRate: Double { get set }

    /// Performs one step with the gradient of each parameter, in the order of the parameters.
    func step(_ gradients: [Tensor]) throws

    /// Everything the next step depends on besides the parameters, by name, to save in checkpoints.
    var state: [(name: String, tensor: Tensor)] { get }
}

/// An optimizer with differentiable steps.
protocol DifferentiableOptimizer: Optimizer {
    /// The optimizer's next steps, from its current state.
    func lookahead() throws -> any Lookahead
}

extension Optimizer {
    /// Overwrites the state with the contents of a checkpoint, whose names start with `prefix`.
    public func load(_ file: Safetensors, prefix: String) throws {
        for (name, tensor) in state {
            try tensor.copyInPlace(from: file.tensor(prefix + name, like: tensor))
        }
    }

    func named(_ name: String, _ tensors: [Tensor]) -> [(name: String, tensor: Tensor)] {
        tensors.enumerated().map { ("\(name).\($0)", $1) }
    }
}
