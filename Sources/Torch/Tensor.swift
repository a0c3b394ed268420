internal import CTorch

/// An n-dimensional array on a device, with reverse-mode differentiation.
///
/// A `Tensor` is a reference to LibTorch's tensor: copying the struct copies the reference, and the memory goes back when
/// the last one goes. Operations make new tensors, except those whose name says `inPlace`. All of them can fail (shapes
/// that do not fit, no memory left) and throw `TorchError`; one `try` covers an expression.
///
/// ```swift
/// let weight = try Tensor.randomNormal([3, 2]).requiringGradient()
/// let loss = try (Tensor([1, 2, 3], shape: [1, 3]).matmul(weight)).squared().mean()
/// let slope = try gradients(of: loss, for: [weight])[0]
/// ```
///
/// It is not `Sendable`: a training owns one thread, and only plain values leave it.
public struct Tensor {
    let storage: Storage

    /// Owns one handle of the C ABI.
    final class Storage {
        let handle: ct_tensor
        init(_ handle: ct_tensor) { self.handle = handle }
        deinit { torch.tensor_free(handle) }
    }

    typealias Output = UnsafeMutablePointer<ct_tensor?>

    /// The new tensor that `operation` writes.
    @inline(__always)
    static func make(_ operation: (Output) -> ct_status) throws(TorchError) -> Tensor {
        var handle: ct_tensor?
        try check(operation(&handle))
        guard let handle else { throw TorchError(.invalidOperation, "LibTorch returned no tensor.") }
        return Tensor(storage: Storage(handle))
    }

    /// The tensor that `operation` makes of one other; the operand lives until it is done.
    @inline(__always)
    static func make(_ a: Tensor, _ operation: (ct_tensor, Output) -> ct_status) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime(a.storage) {} }
        return try make { operation(a.storage.handle, $0) }
    }

    /// The two tensors that `operation` makes of one other.
    static func makePair(
        _ a: Tensor, _ operation: (ct_tensor, Output, Output) -> ct_status
    ) throws(TorchError) -> (Tensor, Tensor) {
        var second: ct_tensor?
        let first = try make(a) { operation($0, $1, &second) }
        guard let second else { throw TorchError(.invalidOperation, "LibTorch returned one tensor in place of two.") }
        return (first, Tensor(storage: Storage(second)))
    }

    @inline(__always)
    static func make(
        _ a: Tensor, _ b: Tensor, _ operation: (ct_tensor, ct_tensor, Output) -> ct_status
    ) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime((a.storage, b.storage)) {} }
        return try make { operation(a.storage.handle, b.storage.handle, $0) }
    }

    /// The tensor that `operation` makes of three others, of which the last two may be missing.
    @inline(__always)
    static func make(
        _ a: Tensor, _ b: Tensor?, _ c: Tensor?, _ operation: (ct_tensor, ct_tensor?, ct_tensor?, Output) -> ct_status
    ) throws(TorchError) -> Tensor {
        defer { withExtendedLifetime((a.storage, b?.storage, c?.storage)) {} }
        return try make { operation(a.storage.handle, b?.storage.handle, c?.storage.handle, $0) }
    }

    /// Runs an operation that changes this tensor itself.
    @inline(__always)
    func change(_ operation: (ct_tensor) -> ct_status) throws(TorchError) {
        defer { withExtendedLifetime(storage) {} }
        try check(operation(storage.handle))
    }
}

extension [Tensor] {
    /// Hands the handles to `body` as a C array; the tensors live until it is done.
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

// MARK: - What it is

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

    /// How many elements it has.
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

    /// Whether the channels of an image lie next to each other in memory.
    public var isChannelsLast: Bool {
        defer { withExtendedLifetime(storage) {} }
        return torch.is_channels_last(storage.handle)
    }

    /// Whether the two look at the same memory.
    public func sharesMemory(with other: Tensor) -> Bool {
        defer { withExtendedLifetime((storage, other.storage)) {} }
        return torch.same_storage(storage.handle, other.storage.handle)
    }
}

extension Tensor: CustomStringConvertible {
    /// Type, shape and device, and the values if they are few.
    public var description: String {
        let head = "Tensor(\(dtype), \(shape), \(device))"
        guard count <= 16, let values = try? to(.float64).values(as: Double.self) else { return head }
        return head + " " + String(describing: values)
    }
}
