/// Collects an IDX file in pieces, keeping no more than its header declares.
struct IDXAccumulator {
    /// The contents of an IDX header.
    struct Header: Equatable {
        var elementType: IDXArray.ElementType
        var dimensions: [Int]
        var payloadSize: Int
        var size: Int { 4 + 4 * dimensions.count }
        var totalSize: Int { size + payloadSize }
    }

    // Bytes after the declared end are counted up to this limit, so that the error can report how many there are.
    private static let maximumCountedExcess = 64 << 20

    private let source: String
    private let maximumBytes: Int
    private var bytes: [UInt8] = []
    private var header: Header?
    private var excess = 0

    init(source: String, maximumBytes: Int) {
        self.source = source
        self.maximumBytes = maximumBytes
    }

    /// Appends the next bytes of the file; returns `false` when the rest need not be read.
    mutating func append(_ piece: UnsafeBufferPointer<UInt8>) throws -> Bool {
        guard let header else {
            bytes.append(contentsOf: piece)
            self.header = try Self.parse(bytes, source: source, maximumBytes: maximumBytes)
            if let total = self.header?.totalSize, bytes.count > total {
                excess = bytes.count - total
                bytes.removeLast(excess)
            }
            return true
        }
        let kept = min(header.totalSize - bytes.count, piece.count)
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: piece[..<kept]))
        excess += piece.count - kept
        return excess <= Self.maximumCountedExcess
    }

    /// Returns the array after the whole file has been appended.
    consuming func finish() throws -> IDXArray {
        guard let header else {
            throw DataFileError(
                .truncated,
                "\(source) is truncated: it holds \(bytes.count) bytes, fewer than an IDX header; fetch it again.")
        }
        let shape = header.dimensions.map(String.init).joined(separator: " × ")
        guard bytes.count == header.totalSize else {
            throw DataFileError(
                .truncated,
                "\(source) is truncated: its header declares \(shape) \(header.elementType) elements "
                    + "(\(header.totalSize) bytes with the header), but it holds \(bytes.count) bytes; fetch it again.")
        }
        guard excess == 0 else {
            let found = header.totalSize + excess
            let count = excess > Self.maximumCountedExcess ? "more than \(found)" : "\(found)"
            throw DataFileError(
                .oversized,
                "\(source) is oversized: its header declares \(shape) \(header.elementType) elements "
                    + "(\(header.totalSize) bytes with the header), but it holds \(count) bytes; fetch it again.")
        }
        bytes.removeFirst(header.size)
        return IDXArray(elementType: header.elementType, dimensions: header.dimensions, bytes: bytes)
    }

    /// Parses the header at the start of `bytes`; returns `nil` while it is incomplete.
    static func parse(_ bytes: [UInt8], source: String, maximumBytes: Int) throws -> Header? {
        guard bytes.count >= 4 else {
            if bytes.prefix(2).contains(where: { $0 != 0 }) { throw wrongMagic(bytes, source) }
            return nil
        }
        guard bytes[0] == 0, bytes[1] == 0, bytes[3] > 0 else { throw wrongMagic(bytes, source) }
        guard let elementType = IDXArray.ElementType(rawValue: bytes[2]) else {
            throw DataFileError(
                .unsupported,
                "\(source) has the unknown element type \(hexadecimal(bytes[2])); IDX defines 08, 09, 0B, 0C, 0D and 0E; "
                    + "check that it is an IDX file.")
        }
        let dimensionCount = Int(bytes[3])
        guard bytes.count >= 4 + 4 * dimensionCount else { return nil }
        let dimensions = (0..<dimensionCount).map { index in
            bytes[(4 + 4 * index)..<(8 + 4 * index)].reduce(0) { $0 << 8 | Int($1) }
        }
        let shape = dimensions.map(String.init).joined(separator: " × ")
        guard dimensions.allSatisfy({ $0 > 0 }) else {
            let what = dimensions.count >= 3 ? "image" : "element"
            throw DataFileError(
                .empty,
                "\(source) holds no \(what)s: its header declares \(shape) elements; use a file that is not empty.")
        }
        guard let payloadSize = checkedProduct(dimensions, elementType.size) else {
            throw DataFileError(
                .tooLarge,
                "\(source) declares \(shape) elements, more than any memory can hold; its header is damaged, fetch it "
                    + "again.")
        }
        guard payloadSize <= maximumBytes - min(maximumBytes, 4 + 4 * dimensionCount) else {
            throw DataFileError(
                .tooLarge,
                "\(source) declares \(shape) elements (\(payloadSize) bytes), more than the \(maximumBytes) bytes allowed "
                    + "here; check that it is the intended file.")
        }
        return Header(elementType: elementType, dimensions: dimensions, payloadSize: payloadSize)
    }

    private static func wrongMagic(_ bytes: [UInt8], _ source: String) -> DataFileError {
        let found = bytes.prefix(4).map(hexadecimal).joined(separator: " ")
        return DataFileError(
            .wrongMagic,
            "\(source) is not an IDX file: it starts with \(found), expected 00 00, an element type and a number of "
                + "dimensions; check the path.")
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
