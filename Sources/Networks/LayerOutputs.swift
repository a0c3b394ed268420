public import Torch

/// An activation between layers: what it gives out is a hidden feature.
public protocol Activation: Module {}

extension Module {
    private var layersInSequence: [(name: String, sequence: Sequential, position: Int)] {
        let modules = namedModules
        let sequences = Dictionary(
            uniqueKeysWithValues: modules.compactMap { name, module in (module as? Sequential).map { (name, $0) } })
        return modules.compactMap { name, _ in
            let path = name.split(separator: ".")
            guard let position = path.last.flatMap({ Int($0) }),
                let sequence = sequences[path.dropLast().joined(separator: ".")]
            else { return nil }
            return (name, sequence, position)
        }
    }

    /// The layers whose outputs can be had, by name, in the order of construction.
    public var layerNames: [String] { layersInSequence.map(\.name) }

    /// The name of the last activation, whose output is what the network's answer is made of.
    public var lastHiddenLayer: String? {
        layersInSequence.last { $0.sequence.layers[$0.position] is any Activation }?.name
    }

    /// Runs `body`, in which the network is applied once, and returns what a layer gave out too. Activations overwrite their
    /// input, so what a convolution gives out is what its activation makes of it.
    ///
    /// - Returns: `nil` for the output if there is no such layer, or if it was not applied.
    public func withOutput<Result>(
        of layer: String, _ body: () throws -> Result
    ) rethrows -> (output: Tensor?, result: Result) {
        guard let place = layersInSequence.first(where: { $0.name == layer }) else { return (nil, try body()) }
        var output: Tensor?
        place.sequence.listeners[place.position] = { output = $0 }
        defer { place.sequence.listeners[place.position] = nil }
        let result = try body()
        return (output, result)
    }
}
