internal import CTorch

extension Tensor {
    /// Whether operations on it are recorded for gradients.
    public var requiresGradient: Bool {
        defer { withExtendedLifetime(storage) {} }
        return torch.requires_gradient(storage.handle)
    }

    /// This very tensor, from now on recorded for gradients.
    @discardableResult
    public func requiringGradient(_ value: Bool = true) throws(TorchError) -> Tensor {
        try change { torch.set_requires_gradient($0, value) }
        return self
    }

    /// The same values, cut off from whatever they were computed from.
    public func detached() throws(TorchError) -> Tensor { try Tensor.make(self, torch.detach) }
}

/// The gradients of a scalar with respect to each of the inputs; zeros for an input that it does not depend on.
///
/// Only what the inputs need is computed: the parameters that are not asked for cost nothing.
///
/// - Parameters:
///   - seed: the gradient that flows into `output`; needed when that is not a scalar.
///   - keepGraph: whether gradients of the same output will be asked for again.
///   - createGraph: whether the gradients themselves shall be differentiable, as gradient penalties need.
public func gradients(
    of output: Tensor, for inputs: [Tensor], seed: Tensor? = nil, keepGraph: Bool = false, createGraph: Bool = false
) throws(TorchError) -> [Tensor] {
    defer { withExtendedLifetime((output.storage, seed?.storage)) {} }
    var handles = [ct_tensor?](repeating: nil, count: inputs.count)
    try inputs.withHandles { (sources) throws(TorchError) in
        try check(
            torch.gradients(
                output.storage.handle, seed?.storage.handle, sources, inputs.count, keepGraph, createGraph, &handles))
    }
    return handles.compactMap { $0.map { Tensor(storage: Tensor.Storage($0)) } }
}

/// Runs `body` while tensors, such as a network's parameters, refer to others in their place: what is computed then is a
/// function of those. Each list is as long as the other, and of the same shapes.
public func substituting<Result>(
    _ replacements: [Tensor], for tensors: [Tensor], _ body: () throws -> Result
) rethrows -> Result {
    func exchange() { for (a, b) in zip(tensors, replacements) { torch.swap(a.storage.handle, b.storage.handle) } }
    exchange()
    defer { exchange() }
    return try body()
}

/// Runs `body` without recording for gradients.
///
/// The mode belongs to the thread, so `body` is synchronous: nothing may suspend inside it.
public func withoutGradients<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let previous = torch.gradient_mode()
    torch.set_gradient_mode(false)
    defer { torch.set_gradient_mode(previous) }
    return try body()
}

/// Runs `body` with matrix products and convolutions on `device` in a shorter type, and the rest in float32.
///
/// - Parameter dtype: `nil` runs `body` as it is.
public func withAutocast<Result>(
    to dtype: DType?, on device: Device, _ body: () throws -> Result
) throws -> Result {
    guard let dtype else { return try body() }
    try check(torch.set_autocast(device.raw.kind, true, dtype.raw))
    let outcome = Swift.Result(catching: body)
    try check(torch.set_autocast(device.raw.kind, false, dtype.raw))
    return try outcome.get()
}
