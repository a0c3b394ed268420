/// Reads a zip archive in memory through its central directory; every offset and size is checked before use.
struct ZipReader {
    /// An entry of the central directory.
    struct Entry: Equatable {
        var name: String
        var method: UInt16
        var checksum: UInt32
        var compressedSize: Int
        var uncompressedSize: Int
        var headerOffset: Int
    }

    private static let endSize = 22
    private static let directoryEntrySize = 46
    private static let localHeaderSize = 30

    /// The entries, in directory order.
    private(set) var entries: [Entry] = []

    private let bytes: [UInt8]
    private let source: String

    /// Reads the directory; `source` names the archive in errors.
    init(_ bytes: [UInt8], source: String) throws {
        self.bytes = bytes
        self.source = source
        guard bytes.starts(with: [0x50, 0x4B]) else {
            throw DataFileError(
                .wrongMagic,
                "\(source) is not a zip archive: it does not start with 'PK'; check that numpy.savez wrote it.")
        }
        guard let end = findEnd() else {
            throw DataFileError(
                .truncated, "\(source) is truncated: it has no zip directory at its end; save or fetch it again.")
        }
        let count = try Int(read16(end + 10))
        let size = try Int(read32(end + 12))
        let offset = try Int(read32(end + 16))
        guard count != 0xFFFF, size != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else { throw zip64() }
        guard try read16(end + 4) == 0, try read16(end + 8) == count else {
            throw DataFileError(.unsupported, "\(source) is one part of a multi-part archive; join the parts first.")
        }
        guard offset + size <= end, count * Self.directoryEntrySize <= size else { throw damaged("directory") }
        try readDirectory(from: offset, to: offset + size, count: count)
    }

    /// Returns the uncompressed contents of an entry after checking its size and CRC-32.
    func contents(of entry: Entry, maximumBytes: Int) throws -> [UInt8] {
        guard entry.uncompressedSize <= maximumBytes else { throw ByteStream.tooLarge(source, maximumBytes) }
        guard try read32(entry.headerOffset) == ZipSignature.localHeader else { throw damaged(entry.name) }
        // Use the sizes from the directory: a local header may leave them to a descriptor after the data.
        let nameSize = try Int(read16(entry.headerOffset + 26))
        let extraSize = try Int(read16(entry.headerOffset + 28))
        let start = entry.headerOffset + Self.localHeaderSize + nameSize + extraSize
        guard start <= bytes.count, entry.compressedSize <= bytes.count - start else { throw damaged(entry.name) }
        let data = bytes[start..<start + entry.compressedSize]

        let contents: [UInt8]
        switch entry.method {
        case 0: contents = Array(data)
        case 8:
            contents = try Gzip.inflate(
                data, format: .raw, maximumBytes: entry.uncompressedSize, source: "\(source) (entry '\(entry.name)')")
        default:
            throw DataFileError(
                .unsupported,
                "\(source) compresses '\(entry.name)' with zip method \(entry.method), but only stored and deflated entries "
                    + "can be read; save it again with numpy.savez.")
        }
        guard contents.count == entry.uncompressedSize, zipChecksum(contents) == entry.checksum else {
            throw damaged(entry.name)
        }
        return contents
    }

    private mutating func readDirectory(from start: Int, to end: Int, count: Int) throws {
        var position = start
        for _ in 0..<count {
            guard position + Self.directoryEntrySize <= end,
                try read32(position) == ZipSignature.directoryEntry
            else { throw damaged("directory") }
            let nameStart = position + Self.directoryEntrySize
            let nameEnd = try nameStart + Int(read16(position + 28))
            let next = try nameEnd + Int(read16(position + 30)) + Int(read16(position + 32))
            guard next <= end else { throw damaged("directory") }
            let entry = Entry(
                name: String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self),
                method: try read16(position + 10),
                checksum: try read32(position + 16),
                compressedSize: try Int(read32(position + 20)),
                uncompressedSize: try Int(read32(position + 24)),
                headerOffset: try Int(read32(position + 42)))
            guard try read16(position + 8) & 1 == 0 else {
                throw DataFileError(.unsupported, "\(source) is encrypted; save it without a password.")
            }
            guard ![entry.compressedSize, entry.uncompressedSize, entry.headerOffset].contains(0xFFFF_FFFF) else {
                throw zip64()
            }
            entries.append(entry)
            position = next
        }
    }

    /// Finds the end record, which can only be followed by a comment of at most 65,535 bytes.
    private func findEnd() -> Int? {
        guard bytes.count >= Self.endSize else { return nil }
        let last = bytes.count - Self.endSize
        for position in stride(from: last, through: max(0, last - 0xFFFF), by: -1) {
            guard bytes[position] == 0x50, (try? read32(position)) == ZipSignature.end else { continue }
            if (try? read16(position + 20)).map(Int.init) == last - position { return position }
        }
        return nil
    }

    private func read16(_ position: Int) throws -> UInt16 {
        guard position >= 0, position <= bytes.count - 2 else { throw damaged("structure") }
        return UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8
    }

    private func read32(_ position: Int) throws -> UInt32 {
        try UInt32(read16(position)) | UInt32(read16(position + 2)) << 16
    }

    private func zip64() -> DataFileError {
        DataFileError(
            .unsupported,
            "\(source) is a zip64 archive (more than 4 GiB), which cannot be read; save .npy files instead.")
    }

    private func damaged(_ part: String) -> DataFileError {
        DataFileError(
            .damaged,
            "\(source) is damaged: its zip entry or section '\(part.prefix(100))' is inconsistent; save or fetch it again."
        )
    }
}
