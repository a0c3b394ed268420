/// An array as stored in an IDX file: an element type, dimensions and the bytes of the elements.
///
/// The layout is contiguous; the last dimension varies fastest. Elements of more than one byte are big-endian, as in
/// the file; `doubles` decodes them.
public struct IDXArray: Hashable, Sendable {
    /// The element types that the format defines.
    public enum ElementType: UInt8, Hashable, Sendable, CaseIterable {
        /// Unsigned bytes.
        case uint8 = 0x08
        /// Signed bytes.
        case int8 = 0x09
        /// Signed 16-bit integers.
        case int16 = 0x0B
        /// Signed 32-bit integers.
        case int32 = 0x0C
        /// 32-bit floating-point numbers.
        case float32 = 0x0D
        /// 64-bit floating-point numbers.
        case float64 = 0x0E

        /// The size of an element in bytes.
        public var size: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16: 2
            case .int32, .float32: 4
            case .float64: 8
            }
        }
    }

    /// The type of an element.
    public let elementType: ElementType

    /// The dimensions, outermost first: `[count, height, width]` for images, `[count]` for labels.
    public let dimensions: [Int]

    /// The elements' bytes, big-endian.
    public let bytes: [UInt8]

    /// Creates an array.
    ///
    /// - Precondition: there are 1 to 255 positive dimensions, and `bytes` holds exactly as many elements as their
    ///   product.
    public init(elementType: ElementType = .uint8, dimensions: [Int], bytes: [UInt8]) {
        precondition((1...255).contains(dimensions.count), "an IDX array has 1 to 255 dimensions")
        precondition(dimensions.allSatisfy { $0 > 0 && $0 <= UInt32.max }, "IDX dimensions are positive 32-bit numbers")
        precondition(
            checkedProduct(dimensions, elementType.size) == bytes.count,
            "the number of elements must equal the product of the dimensions")
        self.elementType = elementType
        self.dimensions = dimensions
        self.bytes = bytes
    }

    /// The number of elements.
    public var count: Int { bytes.count / elementType.size }

    /// All elements as numbers, in order.
    public var doubles: [Double] {
        let size = elementType.size
        return stride(from: 0, to: bytes.count, by: size).map { offset in
            let bits = bytes[offset..<offset + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            switch elementType {
            case .uint8: return Double(bits)
            case .int8: return Double(Int8(truncatingIfNeeded: bits))
            case .int16: return Double(Int16(truncatingIfNeeded: bits))
            case .int32: return Double(Int32(truncatingIfNeeded: bits))
            case .float32: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
            case .float64: return Double(bitPattern: bits)
            }
        }
    }
}

/// Returns the product of `dimensions` and `elementSize`, or `nil` if it overflows.
func checkedProduct(_ dimensions: [Int], _ elementSize: Int) -> Int? {
    // A zero dimension makes the product zero, even if the other dimensions would overflow.
    if dimensions.contains(0) { return 0 }
    var product = elementSize
    for dimension in dimensions {
        let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
        guard !overflow else { return nil }
        product = next
    }
    return product
}
