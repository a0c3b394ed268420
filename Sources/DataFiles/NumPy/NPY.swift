public import Foundation

/// NumPy's file format for one array. Reads little-endian arrays in C or Fortran order; writes C order.
///
/// ```swift
/// try NPY.write(NPYArray([1.5, 2.5] as [Float]), to: URL(filePath: "samples.npy"))
/// ```
/// Format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
public enum NPY {
    /// The magic bytes at the start of every NPY file.
    public static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    // NumPy's own headers take 118 bytes; headers of record types can take a few thousand.
    private static let maximumHeaderSize = 1 << 16

    /// Reads an NPY file.
    ///
    /// - Parameter maximumBytes: the largest file accepted.
    /// - Throws: `DataFileError` of kind `notFound`, `unreadable`, `wrongMagic`, `unsupported` (version or element
    ///   type), `damaged` (header), `tooLarge`, `truncated` or `oversized`.
    public static func read(_ url: URL, maximumBytes: Int = IDX.defaultMaximumBytes) throws -> NPYArray {
        try decode(ByteStream.contents(of: url, maximumBytes: maximumBytes), source: url.path)
    }

    /// Decodes an NPY file held in memory; `source` names it in errors.
    public static func decode(_ bytes: [UInt8], source: String) throws -> NPYArray {
        guard bytes.starts(with: magic) else {
            if !bytes.isEmpty, magic.starts(with: bytes) { throw truncatedHeader(source, bytes.count) }
            throw DataFileError(
                .wrongMagic,
                "\(source) is not an NPY file: it does not start with 93 'NUMPY'; check that numpy.save wrote it.")
        }
        guard bytes.count >= 10 else { throw truncatedHeader(source, bytes.count) }
        let sizeLength: Int
        switch bytes[6] {
        case 1: sizeLength = 2
        case 2, 3: sizeLength = 4
        default:
            throw DataFileError(
                .unsupported,
                "\(source) has NPY version \(bytes[6]), but only versions 1 to 3 can be read; save it again with "
                    + "numpy.save.")
        }
        let start = 8 + sizeLength
        guard bytes.count >= start else { throw truncatedHeader(source, bytes.count) }
        let headerSize = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard headerSize <= maximumHeaderSize else {
            throw DataFileError(
                .damaged,
                "\(source) declares an NPY header of \(headerSize) bytes, but at most \(maximumHeaderSize) can be read; "
                    + "save it again with numpy.save.")
        }
        guard bytes.count >= start + headerSize else { throw truncatedHeader(source, bytes.count) }
        switch NPYHeader.parse(Array(bytes[start..<start + headerSize])) {
        case .failure(let problem):
            throw DataFileError(
                .damaged, "\(source) is not a plain NPY array: \(problem); save it again with numpy.save.")
        case .success(let header):
            return try array(header, payload: bytes[(start + headerSize)...], source: source)
        }
    }

    /// Encodes an array as an NPY file of version 1.
    public static func encode(_ array: NPYArray) -> [UInt8] { header(array.elementType, array.shape) + array.bytes }

    /// Returns the header that precedes an array's elements, in version 1.
    static func header(_ elementType: NPYArray.ElementType, _ dimensions: [Int]) -> [UInt8] {
        let lengths = dimensions.map(String.init).joined(separator: ", ")
        let shape = dimensions.count == 1 ? "(\(lengths),)" : "(\(lengths))"
        var header = "{'descr': '\(elementType.rawValue)', 'fortran_order': False, 'shape': \(shape), }"
        // The format requires the header to end with a newline and the data to be aligned to 64 bytes.
        let unpadded = magic.count + 4 + header.utf8.count + 1
        header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let size = header.utf8.count
        return magic + [1, 0, UInt8(size & 0xFF), UInt8(size >> 8 & 0xFF)] + Array(header.utf8)
    }

    /// Writes an array; the file appears only when complete.
    ///
    /// - Throws: `DataFileError` of kind `unwritable`.
    public static func write(_ array: NPYArray, to url: URL) throws {
        try ByteOutput.write(encode(array), to: url)
    }

    private static func array(_ header: NPYHeader, payload: ArraySlice<UInt8>, source: String) throws -> NPYArray {
        guard let elementType = NPYArray.ElementType(rawValue: header.descriptor) else {
            let supported = NPYArray.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw DataFileError(
                .unsupported,
                "\(source) holds elements of type '\(header.descriptor.prefix(40))', but only \(supported) can be read; "
                    + "convert it with astype.")
        }
        let shape = "(" + header.shape.map(String.init).joined(separator: ", ") + ")"
        guard let expected = checkedProduct(header.shape, elementType.size) else {
            throw DataFileError(
                .tooLarge, "\(source) declares the shape \(shape), more than any memory can hold; save it again.")
        }
        guard payload.count == expected else {
            let isShort = payload.count < expected
            throw DataFileError(
                isShort ? .truncated : .oversized,
                "\(source) is \(isShort ? "truncated" : "oversized"): its shape \(shape) of \(elementType) takes "
                    + "\(expected) bytes after the header, but it holds \(payload.count); save it again.")
        }
        let bytes =
            header.isFortranOrder && header.shape.count > 1 && !payload.isEmpty
            ? rowMajor(payload, header.shape, elementType.size) : Array(payload)
        return NPYArray(elementType: elementType, shape: header.shape, bytes: bytes)
    }

    /// Reorders elements from Fortran order (the first dimension varies fastest) to C order.
    private static func rowMajor(_ payload: ArraySlice<UInt8>, _ shape: [Int], _ size: Int) -> [UInt8] {
        var strides = [size]
        for length in shape.dropLast() { strides.append(strides[strides.count - 1] * length) }
        var position = [Int](repeating: 0, count: shape.count)
        var offset = payload.startIndex
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count)
        for _ in 0..<payload.count / size {
            bytes += payload[offset..<offset + size]
            for axis in shape.indices.reversed() {
                position[axis] += 1
                offset += strides[axis]
                if position[axis] < shape[axis] { break }
                offset -= shape[axis] * strides[axis]
                position[axis] = 0
            }
        }
        return bytes
    }

    private static func truncatedHeader(_ source: String, _ count: Int) -> DataFileError {
        DataFileError(
            .truncated, "\(source) is truncated: it holds \(count) bytes, fewer than its NPY header; save it again.")
    }
}
