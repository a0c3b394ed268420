internal import CTorch

// Making tensors from Swift values, and reading them back.

extension Tensor {
    /// Copies `values`, row by row, into a tensor on the CPU.
    ///
    /// - Parameter shape: its product must be the number of values.
    public init<Element: TensorElement>(_ values: [Element], shape: [Int]) throws(TorchError) {
        self = try values.withBytes { (bytes) throws(TorchError) in
            try Tensor(bytes: bytes, shape: shape, dtype: Element.dtype)
        }
    }

    /// Copies `values` into a tensor of one dimension on the CPU.
    public init<Element: TensorElement>(_ values: [Element]) throws(TorchError) {
        try self.init(values, shape: [values.count])
    }

    /// Copies bytes, row by row in the machine's order, into a tensor on the CPU.
    public init(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) throws(TorchError) {
        guard shape.allSatisfy({ $0 >= 0 }) else {
            throw TorchError(.invalidOperation, "A shape has no negative lengths, but \(shape) was given.")
        }
        self = try Tensor.make {
            torch.from_bytes(bytes.baseAddress, bytes.count, shape.wide, shape.count, dtype.raw, $0)
        }
    }

    public static func full(
        _ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try make { torch.full(shape.wide, shape.count, value, dtype.raw, device.raw, $0) }
    }

    public static func zeros(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try full(shape, 0, dtype: dtype, device: device)
    }

    public static func ones(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try full(shape, 1, dtype: dtype, device: device)
    }

    /// 0, 1, … up to and without `end`.
    public static func range(_ end: Int, dtype: DType = .int64, device: Device = .cpu) throws(TorchError) -> Tensor {
        try make { torch.arange(Int64(end), dtype.raw, device.raw, $0) }
    }

    /// Zeros of this tensor's shape, type, device and memory layout.
    public func zerosLike() throws(TorchError) -> Tensor {
        let result = try Tensor.make(self, torch.empty_like)
        try result.fillInPlace(0)
        return result
    }

    /// The elements, row by row; waits for the device.
    ///
    /// - Throws: when `Element` is not the tensor's type; convert with `to(_:)` first.
    public func values<Element: TensorElement>(as type: Element.Type = Element.self) throws(TorchError) -> [Element] {
        guard dtype == Element.dtype else {
            throw TorchError(.invalidOperation, "The tensor holds \(dtype), but \(Element.dtype) was asked for.")
        }
        let count = count
        return try [Element].filled(count: count) { (buffer) throws(TorchError) in
            try change { torch.copy_bytes($0, buffer.baseAddress, buffer.count) }
        }
    }

    /// The raw bytes of the elements, row by row; waits for the device.
    public func bytes() throws(TorchError) -> [UInt8] {
        try [UInt8].filled(count: count * dtype.size) { (buffer) throws(TorchError) in
            try change { torch.copy_bytes($0, buffer.baseAddress, buffer.count) }
        }
    }

    /// The value of a tensor with one element; waits for the device.
    public func item() throws(TorchError) -> Double {
        var value = 0.0
        try change { torch.item($0, &value) }
        return value
    }
}

// MARK: - Device, type, layout

extension Tensor {
    public func to(_ device: Device, nonBlocking: Bool = false) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.to_device($0, device.raw, nonBlocking, $1) }
    }

    public func to(_ dtype: DType) throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.to_dtype($0, dtype.raw, $1) }
    }

    /// The same values laid out row by row; no copy if they already are.
    public func contiguous() throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.contiguous($0, false, $1) }
    }

    /// The same image with its channels next to each other, which convolutions are fastest on.
    public func channelsLast() throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.contiguous($0, true, $1) }
    }

    /// A copy with memory of its own.
    public func cloned() throws(TorchError) -> Tensor {
        try Tensor.make(self, torch.clone)
    }

    /// Overwrites this tensor's values with another's of the same shape, whatever its type and device.
    public func copyInPlace(from source: Tensor) throws(TorchError) {
        defer { withExtendedLifetime(source.storage) {} }
        try change { torch.copy_into($0, source.storage.handle) }
    }

    public func fillInPlace(_ value: Double) throws(TorchError) {
        try change { torch.fill($0, value) }
    }
}

// MARK: - Bridging

extension [Int] {
    /// The same numbers as the C ABI takes them.
    var wide: [Int64] { map(Int64.init) }
}

extension Array where Element: TensorElement {
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(TorchError) -> Result
    ) throws(TorchError) -> Result {
        let outcome = withUnsafeBytes { bytes in
            Swift.Result { () throws(TorchError) -> Result in try body(bytes) }
        }
        return try outcome.get()
    }

    /// An array whose bytes `fill` writes.
    static func filled(
        count: Int, by fill: (UnsafeMutableRawBufferPointer) throws(TorchError) -> Void
    ) throws(TorchError) -> [Element] {
        var failure: TorchError?
        let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(TorchError) {
                try fill(UnsafeMutableRawBufferPointer(buffer))
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return result
    }
}
