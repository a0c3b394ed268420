public import Torch

/// A part of a network: a function of tensors with parameters.
///
/// A module names its parts itself, in `visit`, so that their order is the order of construction and their names are
/// those of PyTorch's `state_dict`; nothing is found by reflection.
public protocol Module: AnyObject {
    /// Applies the module.
    func callAsFunction(_ input: Tensor) throws -> Tensor

    /// Shows the visitor each parameter, buffer and inner module, in the order of construction.
    func visit(_ visitor: StateVisitor)
}

/// Collects the state of a module and of all that are inside it.
public final class StateVisitor {
    public enum Kind: Sendable {
        /// Trained by an optimiser.
        case parameter
        /// Kept with the module, but not trained, such as a running mean.
        case buffer
    }

    public typealias Entry = (name: String, kind: Kind, tensor: Tensor)

    public private(set) var entries: [Entry] = []
    /// Every module that was visited with its name, from the outside in.
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

    /// Every module inside with its name, this one first.
    var namedModules: [(name: String, module: any Module)] { visited().modules }

    /// Every module inside, this one first.
    var innerModules: [any Module] { visited().modules.map(\.module) }

    /// All parameters and buffers, named as PyTorch's `state_dict` names them.
    public var state: [StateVisitor.Entry] { visited().entries }

    /// What an optimiser trains.
    public var parameters: [Tensor] { state.filter { $0.kind == .parameter }.map(\.tensor) }

    /// How many numbers an optimiser trains.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// Whether the result for one image depends on the others in its batch, so that a batch must not be divided.
    public var dependsOnBatch: Bool { innerModules.contains { $0 is any BatchDependent } }

    /// Runs `body` with layers such as batch norm using what they have gathered in place of the batch's own statistics.
    public func whileEvaluating<Result>(_ body: () throws -> Result) rethrows -> Result {
        let layers = innerModules.compactMap { $0 as? any ModeDependent }
        let modes = layers.map(\.isTraining)
        layers.forEach { $0.isTraining = false }
        defer { zip(layers, modes).forEach { $0.isTraining = $1 } }
        return try body()
    }

    /// The state as a file of tensors.
    public func safetensors(metadata: [String: String] = [:]) -> Safetensors {
        Safetensors(
            tensors: Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor) }), metadata: metadata)
    }

    /// Overwrites the state with what a file holds; every name and shape must match, and nothing may be left over.
    public func load(_ file: Safetensors) throws {
        let state = state
        let values = try state.map { try file.tensor($0.name, like: $0.tensor) }
        let known = Set(state.map(\.name))
        if let stranger = file.tensors.keys.sorted().first(where: { !known.contains($0) }) {
            throw TorchError(.malformedFile, "The network has no place for the tensor \"\(stranger)\".")
        }
        try withoutGradients {
            for (entry, value) in zip(state, values) { try entry.tensor.copyInPlace(from: value) }
        }
    }
}

/// A layer whose result for one image depends on the others in the batch.
public protocol BatchDependent: Module {}

/// A layer that does something else when the network is used than while it trains.
public protocol ModeDependent: Module {
    var isTraining: Bool { get set }
}
