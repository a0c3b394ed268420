import Foundation

/// The records of an event file, each `length | masked CRC-32C | data | masked CRC-32C`, all little-endian.
///
/// Source: `tensorflow/core/lib/io/record_writer.h`.
struct EventRecords {
    private var bytes: [UInt8]
    private let source: String
    private var offset = 0
    /// Whether the file ends in the middle of a record.
    private(set) var isCutShort = false

    /// The length and its checksum, before the data.
    private static let headSize = 12
    /// The checksum of the data, after it.
    private static let tailSize = 4

    /// - Parameter source: the name of the file, for errors.
    init(_ bytes: [UInt8], source: String) {
        self.bytes = bytes
        self.source = source
    }

    /// The data of the next record; `nil` at the end of the file, or if the file ends before the record does.
    ///
    /// - Throws: ``EventFileError`` if a checksum is wrong.
    mutating func next() throws -> ArraySlice<UInt8>? {
        guard offset < bytes.count else { return nil }
        guard bytes.count - offset >= EventRecords.headSize else { return cut() }
        let head = bytes[offset..<offset + 8]
        guard CRC32C.masked(head) == word(at: offset + 8) else { throw damaged() }
        let length = head.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let start = offset + EventRecords.headSize
        guard length <= UInt64(bytes.count), start + Int(length) + EventRecords.tailSize <= bytes.count else {
            return cut()
        }
        let end = start + Int(length)
        guard CRC32C.masked(bytes[start..<end]) == word(at: end) else { throw damaged() }
        offset = end + EventRecords.tailSize
        return bytes[start..<end]
    }

    /// Adds the bytes that a file has grown by.
    mutating func append(_ new: some Collection<UInt8>) {
        bytes.removeFirst(offset)
        bytes += new
        (offset, isCutShort) = (0, false)
    }

    private mutating func cut() -> ArraySlice<UInt8>? {
        isCutShort = true
        return nil
    }

    private func word(at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }

    private func damaged() -> EventFileError {
        EventFileError(
            "\(source) is not a TensorBoard event file, or is damaged: the checksum at byte \(offset) is wrong.")
    }

    /// A record that contains the data.
    static func record(_ data: Data) -> Data {
        let length = withUnsafeBytes(of: UInt64(data.count).littleEndian) { Data($0) }
        return [length, data].reduce(into: Data()) { record, part in
            record += part
            record += withUnsafeBytes(of: CRC32C.masked(part).littleEndian) { Data($0) }
        }
    }
}
