public import Torch

/// An activation between layers; its output is a hidden feature.
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

    /// The names of the layers whose outputs are accessible, in order of construction.
    public var layerNames: [String] { layersInSequence.map(\.name) }

    /// The name of the last activation, from whose output the network computes its result.
    public var lastHiddenLayer: String? {
        layersInSequence.last { $0.sequence.layers[$0.position] is any Activation }?.name
    }

    /// Runs `body`, which applies the network once, and also returns the output of a layer.
    ///
    /// Activations overwrite their input, so the output of a convolution is what its activation turns it into.
    ///
    /// - Returns: `nil` as the output if there is no such layer or it was not applied.
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
