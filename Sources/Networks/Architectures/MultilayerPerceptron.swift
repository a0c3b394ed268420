public import Torch

/// Linear layers with activations between them, for points in the plane: from `[batch, inputs]` to `[batch, outputs]`.
public final class MultilayerPerceptron: Module {
    public let layers: Sequential

    /// - Parameters:
    ///   - hidden: the widths of the hidden layers.
    ///   - activation: creates the activation that follows each of them.
    ///   - minibatchKernels: the number of minibatch discrimination kernels before the last layer; 0 for none.
    public init(
        _ inputs: Int, hidden: [Int], _ outputs: Int, minibatchKernels: Int = 0, activation: () -> any Module,
        device: Device = .cpu
    ) throws {
        var layers: [any Module] = []
        var width = inputs
        for next in hidden {
            layers += [try Linear(width, next, device: device), activation()]
            width = next
        }
        if minibatchKernels > 0 {
            layers.append(try MinibatchDiscrimination(width, kernels: minibatchKernels, device: device))
        }
        layers.append(try Linear(width + minibatchKernels, outputs, device: device))
        self.layers = Sequential(layers)
    }

    public func callAsFunction(_ input: Tensor) throws -> Tensor { try layers(input) }

    public func visit(_ visitor: StateVisitor) { visitor.module("layers", layers) }
}
