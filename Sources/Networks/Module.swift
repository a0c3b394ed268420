public import Torch

/// A part of a network: a function of tensors with parameters.
///
/// A module lists its own parts in `visit`, so that they are in order of construction and have the same names as in
/// PyTorch's `state_dict`. There is no reflection.
public protocol Module: AnyObject {
    /// Applies the module.
    func callAsFunction(_ input: Tensor) throws -> Tensor

    /// Reports each parameter, buffer and submodule to the visitor, in order of construction.
    func visit(_ visitor: StateVisitor)
}

/// Collects the state of a module and of all its submodules.
public final class StateVisitor {
    public enum Kind: Sendable {
        /// Trained by an optimizer.
        case parameter
        /// Saved with the module but not trained, such as a running mean.
        case buffer
    }

    public typealias Entry = (name: String, kind: Kind, tensor: Tensor)

    public private(set) var entries: [Entry] = []
    /// Every visited module with its name, outermost first.
    public private(set) var modules: [(name: String, module: any Module)] = []
    private var path: [String] = []

    public func parameter(_ name: String, _ tensor: Tensor?) { add(name, .parameter, tensor) }
    public func buffer(_ name: String, _ tensor: Tensor?) { add(name, .buffer, tensor) }

    public func module(_ name: String, _ module: any Module) {
        path.append(name)
        collect(module)
        path.removeLast()
    }

    func collect(_ module: any Module) {
        modules.append((path.joined(separator: "."), module))
        module.visit(self)
    }

    private func add(_ name: String, _ kind: Kind, _ tensor: Tensor?) {
        guard let tensor else { return }
        entries.append(((path + [name]).joined(separator: "."), kind, tensor))
    }
}

extension Module {
    public func visit(_ visitor: StateVisitor) {}

    private func visited() -> StateVisitor {
        let visitor = StateVisitor()
        visitor.collect(self)
        return visitor
    }

    /// This module and all modules inside it with their names, this one first.
    var namedModules: [(name: String, module: any Module)] { visited().modules }

    /// This module and all modules inside it, this one first.
    var innerModules: [any Module] { visited().modules.map(\.module) }

    /// All parameters and buffers, with the same names as in PyTorch's `state_dict`.
    public var state: [StateVisitor.Entry] { visited().entries }

    /// The tensors that an optimizer trains.
    public var parameters: [Tensor] { state.filter { $0.kind == .parameter }.map(\.tensor) }

    /// The number of trainable values.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// Whether the result for one image depends on the others in its batch, in which case a batch must not be split.
    public var dependsOnBatch: Bool { innerModules.contains { $0 is any BatchDependent } }

    /// Runs `body` in evaluation mode: layers such as batch norm use their running statistics instead of the batch's.
    public func whileEvaluating<Result>(_ body: () throws -> Result) rethrows -> Result {
        let layers = innerModules.compactMap { $0 as? any ModeDependent }
        let modes = layers.map(\.isTraining)
        layers.forEach { $0.isTraining = false }
        defer { zip(layers, modes).forEach { $0.isTraining = $1 } }
        return try body()
    }

    /// The state as a safetensors file.
    public func safetensors(metadata: [String: String] = [:]) -> Safetensors {
        Safetensors(
            tensors: Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor) }), metadata: metadata)
    }

    /// Overwrites the state with the contents of a file.
    ///
    /// - Throws: `TorchError` of kind `malformedFile` if a name, shape or type does not match or the file has further
    ///   tensors.
    public func load(_ file: Safetensors) throws {
        let state = state
        let values = try state.map { try file.tensor($0.name, like: $0.tensor) }
        let known = Set(state.map(\.name))
        if let stranger = file.tensors.keys.sorted().first(where: { !known.contains($0) }) {
            throw TorchError(.malformedFile, "The file has the tensor \"\(stranger)\", but the network does not.")
        }
        try withoutGradients {
            for (entry, value) in zip(state, values) { try entry.tensor.copyInPlace(from: value) }
        }
    }
}

/// A layer whose result for one image depends on the others in the batch.
public protocol BatchDependent: Module {}

/// A layer that behaves differently in training and in evaluation.
public protocol ModeDependent: Module {
    var isTraining: Bool { get set }
}
