internal import CTorch

// Conversion between Swift values and tensors.

extension Tensor {
    /// Copies `values`, in row-major order, into a tensor on the CPU.
    ///
    /// - Parameter shape: its product must equal the number of values.
    public init<Element: TensorElement>(_ values: [Element], shape: [Int]) throws(TorchError) {
        self = try values.withBytes { (bytes) throws(TorchError) in
            try Tensor(bytes: bytes, shape: shape, dtype: Element.dtype)
        }
    }

    /// Copies `values` into a one-dimensional tensor on the CPU.
    public init<Element: TensorElement>(_ values: [Element]) throws(TorchError) {
        try self.init(values, shape: [values.count])
    }

    /// Copies bytes, in row-major and native byte order, into a tensor on the CPU.
    public init(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) throws(TorchError) {
        guard shape.allSatisfy({ $0 >= 0 }) else {
            throw TorchError(.invalidOperation, "The shape \(shape) has a negative length.")
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

    /// The integers 0, 1, … up to but excluding `end`.
    public static func range(_ end: Int, dtype: DType = .int64, device: Device = .cpu) throws(TorchError) -> Tensor {
        try make { torch.arange(Int64(end), dtype.raw, device.raw, $0) }
    }

    /// Zeros with this tensor's shape, type, device and memory layout.
    public func zerosLike() throws(TorchError) -> Tensor {
        let result = try Tensor.make(self, torch.empty_like)
        try result.fillInPlace(0)
        return result
    }

    /// The elements in row-major order; waits for the device.
    ///
    /// - Throws: `TorchError` if `Element` does not match the tensor's type; convert with `to(_:)` first.
    public func values<Element: TensorElement>(as type: Element.Type = Element.self) throws(TorchError) -> [Element] {
        guard dtype == Element.dtype else {
            throw TorchError(
                .invalidOperation, "The tensor has type \(dtype), but \(Element.dtype) was requested; convert it first."
            )
        }
        let count = count
        return try [Element].filled(count: count) { (buffer) throws(TorchError) in
            try change { torch.copy_bytes($0, buffer.baseAddress, buffer.count) }
        }
    }

    /// The raw bytes of the elements in row-major order; waits for the device.
    public func bytes() throws(TorchError) -> [UInt8] {
        try [UInt8].filled(count: count * dtype.size) { (buffer) throws(TorchError) in
            try change { torch.copy_bytes($0, buffer.baseAddress, buffer.count) }
        }
    }

    /// The value of a one-element tensor; waits for the device.
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

    /// The same values in row-major memory layout; not copied if they already have it.
    public func contiguous() throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.contiguous($0, false, $1) }
    }

    /// The same images in channels-last memory layout, in which convolutions are fastest.
    public func channelsLast() throws(TorchError) -> Tensor {
        try Tensor.make(self) { torch.contiguous($0, true, $1) }
    }

    /// A copy with its own memory.
    public func cloned() throws(TorchError) -> Tensor {
        try Tensor.make(self, torch.clone)
    }

    /// Overwrites this tensor's values with those of another tensor of the same shape, of any type and on any device.
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
    /// The same numbers as Int64, as the C ABI expects them.
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

    /// An array whose bytes are written by `fill`.
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
