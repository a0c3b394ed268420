public import Torch

/// An activation that passes positive inputs and multiplies negative ones by its slope.
public protocol Rectifier: Activation {
    /// 0 for ReLU: a unit that is negative for every input has no gradient there.
    var slope: Double { get }
}

/// What a rectifier or a tanh in a network gave out.
public struct ActivationOutput {
    public enum Kind: Equatable, Sendable {
        case rectifier(slope: Double)
        case tanh
    }

    /// The name of the layer whose units these are: the nearest one before the activation with parameters, else the activation.
    public let layer: String
    public let kind: Kind
    /// `[batch, units, …]`. The next layer may overwrite it, so that it is to be looked at at once.
    public let output: Tensor
}

extension Module {
    /// Runs `body`, in which the network is applied, and shows what each rectifier and each tanh in a sequence gives out.
    ///
    /// - Throws: what `body` throws, else the first error of `take`.
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
