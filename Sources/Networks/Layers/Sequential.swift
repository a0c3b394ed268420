public import Torch

/// Modules applied one after the other, named 0, 1, 2 … as in PyTorch.
public final class Sequential: Module {
    public let layers: [any Module]

    public init(_ layers: [any Module]) { self.layers = layers }
    public convenience init(_ layers: any Module...) { self.init(layers) }

    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        try layers.reduce(input) { try $1($0) }
    }

    public func visit(_ visitor: StateVisitor) {
        for (index, layer) in layers.enumerated() { visitor.module(String(index), layer) }
    }
}
