public import Torch

/// An activation that passes positive inputs unchanged and multiplies negative ones by its slope.
public protocol Rectifier: Activation {
    /// 0 for ReLU, in which case a unit that is negative for every input gets no gradient.
    var slope: Double { get }
}

/// The output of a rectifier or a tanh in a network.
public struct ActivationOutput {
    public enum Kind: Equatable, Sendable {
        case rectifier(slope: Double)
        case tanh
    }

    /// The name of the layer that these units belong to: the nearest layer with parameters at or before the activation,
    /// or else the activation itself.
    public let layer: String
    public let kind: Kind
    /// `[batch, units, …]`. The next layer may overwrite it, so read it immediately.
    public let output: Tensor
}

extension Module {
    /// Runs `body`, which applies the network, and passes the output of each rectifier and tanh in a `Sequential` to
    /// `take`.
    ///
    /// - Throws: the error that `body` throws, or else the first error that `take` threw.
    public func watchingActivations<Result>(
        _ take: @escaping (ActivationOutput) throws -> Void, while body: () throws -> Result
    ) throws -> Result {
        var problem: (any Error)?
        let watched = namedModules.compactMap { name, module in (module as? Sequential).map { (name, $0) } }
        for (name, sequence) in watched {
            for (position, layer) in sequence.layers.enumerated() {
                guard let kind = layer.activationKind else { continue }
                let owner = sequence.layers[...position].lastIndex { !$0.parameters.isEmpty } ?? position
                let path = (name.isEmpty ? "" : name + ".") + String(owner)
                sequence.listeners[position] = { output in
                    do {
                        try take(ActivationOutput(layer: path, kind: kind, output: output))
                    } catch {
                        problem = problem ?? error
                    }
                }
            }
        }
        defer { watched.forEach { $0.1.listeners = [:] } }
        let result = try body()
        if let problem { throw problem }
        return result
    }

    fileprivate var activationKind: ActivationOutput.Kind? {
        switch self {
        case let rectifier as any Rectifier: .rectifier(slope: rectifier.slope)
        case is Tanh: .tanh
        default: nil
        }
    }
}
