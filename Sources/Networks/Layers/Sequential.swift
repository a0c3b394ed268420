public import Torch

/// Applies modules in sequence; they are named 0, 1, 2 … as in PyTorch.
public final class Sequential: Module {
    public let layers: [any Module]
    /// Closures that receive a layer's output, by the layer's position.
    var listeners: [Int: (Tensor) -> Void] = [:]

    public init(_ layers: [any Module]) { self.layers = layers }
    public convenience init(_ layers: any Module...) { self.init(layers) }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        guard !listeners.isEmpty else { return try layers.reduce(input) { try $1($0) } }
        return try layers.enumerated().reduce(input) { input, next in
            let output = try next.element(input)
            listeners[next.offset]?(output)
            return output
        }
    }

    public func visit(_ visitor: StateVisitor) {
        for (index, layer) in layers.enumerated() { visitor.module(String(index), layer) }
    }
}
