internal import CTorch

extension Tensor {
    /// Whether operations on this tensor are recorded for gradients.
    public var requiresGradient: Bool {
        defer { withExtendedLifetime(storage) {} }
        return torch.requires_gradient(storage.handle)
    }

    /// Turns gradient recording on (or off) for this tensor and returns the tensor itself.
    @discardableResult
    public func requiringGradient(_ value: Bool = true) throws(TorchError) -> Tensor {
        try change { torch.set_requires_gradient($0, value) }
        return self
    }

    /// The same values, detached from the computation that produced them.
    public func detached() throws(TorchError) -> Tensor { try Tensor.make(self, torch.detach) }
}

/// Returns the gradient of a scalar with respect to each input; zeros for an input that the scalar does not depend on.
///
/// Only the gradients of `inputs` are computed: parameters that are not listed cost nothing.
///
/// - Parameters:
///   - seed: the gradient that flows into `output`; required if `output` is not a scalar.
///   - keepGraph: whether to keep the graph, so that further gradients of the same output can be computed.
///   - createGraph: whether the gradients themselves are differentiable, as gradient penalties require.
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

/// Runs `body` while `tensors`, such as a network's parameters, temporarily refer to `replacements`, so that the
/// results are functions of the replacements.
///
/// Both lists must have the same length and pairwise equal shapes.
public func substituting<Result>(
    _ replacements: [Tensor], for tensors: [Tensor], _ body: () throws -> Result
) rethrows -> Result {
    func exchange() { for (a, b) in zip(tensors, replacements) { torch.swap(a.storage.handle, b.storage.handle) } }
    exchange()
    defer { exchange() }
    return try body()
}

/// Runs `body` without recording operations for gradients.
///
/// The mode is per thread, so `body` is synchronous: nothing inside it may suspend.
public func withoutGradients<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let previous = torch.gradient_mode()
    torch.set_gradient_mode(false)
    defer { torch.set_gradient_mode(previous) }
    return try body()
}

/// Runs `body` under autocast: matrix products and convolutions on `device` use `dtype`, a lower precision, and other
/// operations use float32.
///
/// - Parameter dtype: `nil` runs `body` without autocast.
public func withAutocast<Result>(
    to dtype: DType?, on device: Device, _ body: () throws -> Result
) throws -> Result {
    guard let dtype else { return try body() }
    try check(torch.set_autocast(device.raw.kind, true, dtype.raw))
    let outcome = Swift.Result(catching: body)
    try check(torch.set_autocast(device.raw.kind, false, dtype.raw))
    return try outcome.get()
}
