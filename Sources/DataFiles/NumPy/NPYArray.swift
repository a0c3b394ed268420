/// An array as saved by NumPy: an element type, a shape and the bytes of the elements.
///
/// The layout is contiguous, in C order (the last dimension varies fastest) and little-endian.
public struct NPYArray: Hashable, Sendable {
    /// The element types that can be read and written.
    public enum ElementType: String, Hashable, Sendable, CaseIterable {
        /// Unsigned bytes.
        case uint8 = "|u1"
        /// Signed 32-bit integers.
        case int32 = "<i4"
        /// Signed 64-bit integers.
        case int64 = "<i8"
        /// 16-bit floating-point numbers.
        case float16 = "<f2"
        /// 32-bit floating-point numbers.
        case float32 = "<f4"
        /// 64-bit floating-point numbers.
        case float64 = "<f8"

        /// The size of an element in bytes.
        public var size: Int {
            switch self {
            case .uint8: 1
            case .float16: 2
            case .int32, .float32: 4
            case .int64, .float64: 8
            }
        }
    }

    /// The type of an element.
    public let elementType: ElementType

    /// The shape, outermost dimension first; empty for a scalar.
    public let shape: [Int]

    /// The elements' bytes, little-endian.
    public let bytes: [UInt8]

    /// Creates an array from its bytes.
    ///
    /// - Precondition: `bytes` holds exactly as many elements as the product of `shape`.
    public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) {
        precondition(shape.allSatisfy { $0 >= 0 }, "dimensions must not be negative")
        precondition(
            checkedProduct(shape, elementType.size) == bytes.count,
            "the number of elements must equal the product of the dimensions")
        self.elementType = elementType
        self.shape = shape
        self.bytes = bytes
    }

    /// Creates an array of bytes, one-dimensional unless a shape is given.
    public init(_ values: [UInt8], shape: [Int]? = nil) {
        self.init(elementType: .uint8, shape: shape ?? [values.count], bytes: values)
    }

    /// Creates an array of 32-bit integers, one-dimensional unless a shape is given.
    public init(_ values: [Int32], shape: [Int]? = nil) {
        self.init(elementType: .int32, shape: shape ?? [values.count], bytes: littleEndianBytes(values))
    }

    /// Creates an array of 64-bit integers, one-dimensional unless a shape is given.
    public init(_ values: [Int64], shape: [Int]? = nil) {
        self.init(elementType: .int64, shape: shape ?? [values.count], bytes: littleEndianBytes(values))
    }

    /// Creates an array of 32-bit floating-point numbers, one-dimensional unless a shape is given.
    public init(_ values: [Float], shape: [Int]? = nil) {
        let bytes = littleEndianBytes(values.map(\.bitPattern))
        self.init(elementType: .float32, shape: shape ?? [values.count], bytes: bytes)
    }

    /// Creates an array of 64-bit floating-point numbers, one-dimensional unless a shape is given.
    public init(_ values: [Double], shape: [Int]? = nil) {
        let bytes = littleEndianBytes(values.map(\.bitPattern))
        self.init(elementType: .float64, shape: shape ?? [values.count], bytes: bytes)
    }

    /// The number of elements.
    public var count: Int { bytes.count / elementType.size }

    /// All elements as 64-bit floating-point numbers, in order; 64-bit integers are rounded to nearest.
    public var doubles: [Double] {
        switch elementType {
        case .uint8: bytes.map(Double.init)
        case .int32: load(UInt32.self) { Double(Int32(bitPattern: $0)) }
        case .int64: load(UInt64.self) { Double(Int64(bitPattern: $0)) }
        case .float16: load(UInt16.self) { Double(Float(halfBits: $0)) }
        case .float32: load(UInt32.self) { Double(Float(bitPattern: $0)) }
        case .float64: load(UInt64.self, Double.init(bitPattern:))
        }
    }

    /// All elements as 32-bit floating-point numbers, in order, rounded to nearest.
    public var floats: [Float] {
        switch elementType {
        case .uint8: bytes.map(Float.init)
        case .int32: load(UInt32.self) { Float(Int32(bitPattern: $0)) }
        case .int64: load(UInt64.self) { Float(Int64(bitPattern: $0)) }
        case .float16: load(UInt16.self, Float.init(halfBits:))
        case .float32: load(UInt32.self, Float.init(bitPattern:))
        case .float64: load(UInt64.self) { Float(Double(bitPattern: $0)) }
        }
    }

    /// All elements as integers, in order, or `nil` for an array of floating-point numbers.
    public var integers: [Int]? {
        switch elementType {
        case .uint8: bytes.map(Int.init)
        case .int32: load(UInt32.self) { Int(Int32(bitPattern: $0)) }
        case .int64: load(UInt64.self) { Int(Int64(bitPattern: $0)) }
        case .float16, .float32, .float64: nil
        }
    }

    private func load<Bits: FixedWidthInteger, Value>(_: Bits.Type, _ convert: (Bits) -> Value) -> [Value] {
        bytes.withUnsafeBytes { buffer in
            stride(from: 0, to: buffer.count, by: MemoryLayout<Bits>.size).map { offset in
                convert(Bits(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: Bits.self)))
            }
        }
    }
}

/// Returns the bytes of `values`, least significant first.
private func littleEndianBytes<Bits: FixedWidthInteger>(_ values: [Bits]) -> [UInt8] {
    values.map(\.littleEndian).withUnsafeBytes { Array($0) }
}

extension Float {
    /// Decodes an IEEE 754 half-precision number, since `Float16` is not available on every platform.
    init(halfBits bits: UInt16) {
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Float(bits & 0x3FF)
        let magnitude: Float =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 0x1F: fraction == 0 ? .infinity : .nan
            default: Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
            }
        self = bits >> 15 == 0 ? magnitude : -magnitude
    }
}
