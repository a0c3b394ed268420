import CZlib

/// Builds a zip archive of stored entries in memory.
///
/// All entries have the format's earliest date, so equal input gives equal output.
struct ZipWriter {
    private let source: String
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// Creates an empty archive; `source` names it in errors.
    init(source: String) {
        self.source = source
    }

    /// Appends an entry.
    mutating func add(name: String, contents: [UInt8]) throws {
        let nameBytes = Array(name.utf8)
        let offset = bytes.count
        guard let offset32 = UInt32(exactly: offset), let size = UInt32(exactly: contents.count), size < .max,
            let nameSize = UInt16(exactly: nameBytes.count), count < 0xFFFF
        else { throw tooLarge() }

        // Version 2.0; names in UTF-8; stored; 1980-01-01 00:00.
        var common: [UInt8] = []
        common.append16(20, 0x0800, 0, 0, 0x0021)
        common.append32(zipChecksum(contents), size, size)
        common.append16(nameSize, 0)

        bytes.append32(ZipSignature.localHeader)
        bytes += common + nameBytes + contents

        directory.append32(ZipSignature.directoryEntry)
        directory.append16(20)
        directory += common
        directory.append16(0, 0, 0)
        directory.append32(0, offset32)
        directory += nameBytes
        count += 1
    }

    /// Returns the bytes of the archive.
    consuming func finish() throws -> [UInt8] {
        guard let offset = UInt32(exactly: bytes.count), let size = UInt32(exactly: directory.count), offset < .max
        else { throw tooLarge() }
        bytes += directory
        bytes.append32(ZipSignature.end)
        bytes.append16(0, 0, UInt16(count), UInt16(count))
        bytes.append32(size, offset)
        bytes.append16(0)
        return bytes
    }

    private func tooLarge() -> DataFileError {
        DataFileError(
            .tooLarge,
            "\(source) would exceed the 4 GiB limit of a plain zip archive; write fewer arrays, or .npy files.")
    }
}

/// The signatures of the parts of a zip archive.
enum ZipSignature {
    static let localHeader: UInt32 = 0x0403_4B50
    static let directoryEntry: UInt32 = 0x0201_4B50
    static let end: UInt32 = 0x0605_4B50
}

/// Returns the CRC-32 of a zip entry.
func zipChecksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
}

extension [UInt8] {
    /// Appends 16-bit numbers, least significant byte first.
    fileprivate mutating func append16(_ values: UInt16...) {
        for value in values { append(contentsOf: [UInt8(value & 0xFF), UInt8(value >> 8)]) }
    }

    /// Appends 32-bit numbers, least significant byte first.
    fileprivate mutating func append32(_ values: UInt32...) {
        for value in values { append16(UInt16(value & 0xFFFF), UInt16(value >> 16)) }
    }
}
