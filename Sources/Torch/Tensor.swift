internal import CTorch

/// An n-dimensional array on a device, with reverse-mode automatic differentiation.
///
/// A `Tensor` is a reference to a LibTorch tensor: copying the struct copies the reference, and the memory is freed
/// with the last reference. Operations return new tensors, except those with `inPlace` in their name. Every operation
/// can fail (incompatible shapes, out of memory) and throws `TorchError`; one `try` covers a whole expression.
///
/// ```swift
/// let weight = try Tensor.randomNormal([3, 2]).requiringGradient()
/// let loss = try (Tensor([1, 2, 3], shape: [1, 3]).matmul(weight)).squared().mean()
/// let slope = try gradients(of: loss, for: [weight])[0]
/// ```
///
/// `Tensor` is not `Sendable`: each training owns one thread, and only plain values leave it.
public struct Tensor {
    let storage: Storage

    /// Owns one handle of the C ABI.
    final class Storage {
        let handle: ct_tensor
        init(_ handle: ct_tensor) { self.handle = handle }
        deinit { torch.tensor_free(handle) }
    }

    typealias Output = UnsafeMutablePointer<ct_tensor?>

    /// Returns the new tensor that `operation` writes.
    @inline(__always)
    static func make(_ operation: (Output) -> ct_status) throws(TorchError) -> Tensor {
        var handle: ct_tensor?
        try check(operation(&handle))
        guard let handle else { throw TorchError(.invalidOperation, "LibTorch returned no tensor.") }
        return Tensor(storage: Storage(handle))
    }

    /// Returns the tensor that `operation` computes from one operand, which is kept alive until then.
    @inline(__always)
    static func make(_ a: Tensor, _ operation: (ct_tensor, Output) -> ct_status) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime(a.storage) {} }
        return try make { operation(a.storage.handle, $0) }
    }

    /// Returns the two tensors that `operation` computes from one operand.
    static func makePair(
        _ a: Tensor, _ operation: (ct_tensor, Output, Output) -> ct_status
    ) throws(TorchError) -> (Tensor, Tensor) {
        var second: ct_tensor?
        let first = try make(a) { operation($0, $1, &second) }
        guard let second else { throw TorchError(.invalidOperation, "LibTorch returned one tensor instead of two.") }
        return (first, Tensor(storage: Storage(second)))
    }

    @inline(__always)
    static func make(
        _ a: Tensor, _ b: Tensor, _ operation: (ct_tensor, ct_tensor, Output) -> ct_status
    ) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime((a.storage, b.storage)) {} }
        return try make { operation(a.storage.handle, b.storage.handle, $0) }
    }

    /// Returns the tensor that `operation` computes from three operands; the last two are optional.
    @inline(__always)
    static func make(
        _ a: Tensor, _ b: Tensor?, _ c: Tensor?, _ operation: (ct_tensor, ct_tensor?, ct_tensor?, Output) -> ct_status
    ) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime((a.storage, b?.storage, c?.storage)) {} }
        return try make { operation(a.storage.handle, b?.storage.handle, c?.storage.handle, $0) }
    }

    /// Runs an operation that modifies this tensor.
    @inline(__always)
    func change(_ operation: (ct_tensor) -> ct_status) throws(TorchError) {
        defer { withExtendedLifetime(storage) {} }
        try check(operation(storage.handle))
    }
}

extension [Tensor] {
    /// Passes the handles to `body` as a C array; the tensors are kept alive until it returns.
    func withHandles<Result>(
        _ body: (UnsafePointer<ct_tensor?>?) throws(TorchError) -> Result
    ) throws(TorchError) -> Result {
        defer { withExtendedLifetime(self) {} }
        let handles: [ct_tensor?] = map { $0.storage.handle }
        let outcome = handles.withUnsafeBufferPointer { buffer in
            Swift.Result { () throws(TorchError) -> Result in try body(buffer.baseAddress) }
        }
        return try outcome.get()
    }
}

// MARK: - Properties

extension Tensor {
    /// The length of every dimension; images are `[batch, channels, height, width]`.
    public var shape: [Int] {
        defer { withExtendedLifetime(storage) {} }
        return (0..<torch.rank(storage.handle)).map { Int(torch.size(storage.handle, $0)) }
    }

    public var rank: Int {
        defer { withExtendedLifetime(storage) {} }
        return Int(torch.rank(storage.handle))
    }

    /// The number of elements.
    public var count: Int {
        defer { withExtendedLifetime(storage) {} }
        return Int(torch.element_count(storage.handle))
    }

    public var dtype: DType {
        defer { withExtendedLifetime(storage) {} }
        return DType(raw: torch.dtype_of(storage.handle)) ?? .float32
    }

    public var device: Device {
        defer { withExtendedLifetime(storage) {} }
        return Device(raw: torch.device_of(storage.handle))
    }

    /// Whether the tensor has the channels-last memory layout.
    public var isChannelsLast: Bool {
        defer { withExtendedLifetime(storage) {} }
        return torch.is_channels_last(storage.handle)
    }

    /// Whether the two tensors share memory.
    public func sharesMemory(with other: Tensor) -> Bool {
        defer { withExtendedLifetime((storage, other.storage)) {} }
        return torch.same_storage(storage.handle, other.storage.handle)
    }
}

extension Tensor: CustomStringConvertible {
    /// The type, shape and device, followed by the values if there are at most 16.
    public var description: String {
        let head = "Tensor(\(dtype), \(shape), \(device))"
        guard count <= 16, let values = try? to(.float64).values(as: Double.self) else { return head }
        return head + " " + String(describing: values)
    }
}
