import CZlib
public import Foundation

/// A ZIP archive that is written part by part. Entries are stored without compression: images are compressed already, and NumPy maps
/// stored arrays.
///
/// Plain records are used as long as sizes and offsets fit into 32 bits, ZIP64 records beyond that, so neither the number of
/// entries nor their size has a limit.
///
/// Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
public struct ZipWriter {
    private var directory: [UInt8] = []
    private var count = 0
    private var offset: Int

    /// Starts an archive.
    public init() { offset = 0 }

    /// Starts an archive as if `offset` bytes had been written.
    init(offset: Int) { self.offset = offset }

    /// Version 4.5 of the format, which ZIP64 needs, and 2.0.
    private static let (largeVersion, plainVersion): (UInt16, UInt16) = (45, 20)

    /// Returns the bytes of an entry. Write them immediately, in the order of the calls.
    ///
    /// - Parameter modified: by default the earliest date of the format, so that equal input gives equal output.
    public mutating func entry(_ name: String, _ contents: some ContiguousBytes, modified: Date? = nil) -> [UInt8] {
        contents.withUnsafeBytes { entry(Array(name.utf8), $0, modified) }
    }

    private mutating func entry(_ name: [UInt8], _ contents: UnsafeRawBufferPointer, _ modified: Date?) -> [UInt8] {
        let size = contents.count
        let isLarge = size >= Int(UInt32.max)
        let isFar = offset >= Int(UInt32.max)
        func shared(_ version: UInt16) -> [UInt8] {
            var bytes: [UInt8] = []
            // UTF-8 names, stored.
            bytes.append(little: [version, 0x0800, 0] as [UInt16])
            bytes.append(little: ZipWriter.time(modified))
            bytes.append(little: [zipChecksum(contents)])
            bytes.append(little: [isLarge ? .max : UInt32(size), isLarge ? .max : UInt32(size)])
            bytes.append(little: [UInt16(name.count)])
            return bytes
        }
        var entry: [UInt8] = []
        entry.append(little: [ZipSignature.localHeader])
        entry += shared(isLarge ? ZipWriter.largeVersion : ZipWriter.plainVersion)
        entry.append(little: [isLarge ? 20 : 0] as [UInt16])
        entry += name
        if isLarge {
            entry.append(little: [1, 16] as [UInt16])
            entry.append(little: [UInt64(size), UInt64(size)])
        }
        entry += contents

        let extra = (isLarge ? [UInt64(size), UInt64(size)] : []) + (isFar ? [UInt64(offset)] : [])
        let version = extra.isEmpty ? ZipWriter.plainVersion : ZipWriter.largeVersion
        directory.append(little: [ZipSignature.directoryEntry])
        directory.append(little: [version])
        directory += shared(version)
        directory.append(little: [extra.isEmpty ? 0 : UInt16(4 + 8 * extra.count)])
        // Comment, disk, attributes.
        directory.append(little: [0, 0, 0, 0, 0] as [UInt16])
        directory.append(little: [isFar ? .max : UInt32(offset)])
        directory += name
        if !extra.isEmpty {
            directory.append(little: [1, UInt16(8 * extra.count)] as [UInt16])
            directory.append(little: extra)
        }
        count += 1
        offset += entry.count
        return entry
    }

    /// Returns the end of the archive: the central directory and its records.
    public func end() -> [UInt8] {
        var end = directory
        let isLarge =
            count >= Int(UInt16.max) || offset >= Int(UInt32.max) || directory.count >= Int(UInt32.max)
        if isLarge {
            let (entries, size) = (UInt64(count), UInt64(directory.count))
            end.append(little: [0x0606_4B50] as [UInt32])
            end.append(little: [44] as [UInt64])
            end.append(little: [ZipWriter.largeVersion, ZipWriter.largeVersion])
            end.append(little: [0, 0] as [UInt32])
            end.append(little: [entries, entries, size, UInt64(offset)])
            end.append(little: [0x0706_4B50, 0] as [UInt32])
            end.append(little: [UInt64(offset) + size])
            end.append(little: [1] as [UInt32])
        }
        end.append(little: [ZipSignature.end])
        end.append(little: [0, 0, isLarge ? .max : UInt16(count), isLarge ? .max : UInt16(count)] as [UInt16])
        end.append(little: [isLarge ? .max : UInt32(directory.count), isLarge ? .max : UInt32(offset)] as [UInt32])
        end.append(little: [0] as [UInt16])
        return end
    }

    /// Time and date in MS-DOS format: from 1980, with a resolution of two seconds.
    private static func time(_ date: Date?) -> [UInt16] {
        guard let date else { return [0, 0x0021] }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .current
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let year = min(max((parts.year ?? 1980) - 1980, 0), 127)
        return [
            UInt16((parts.hour ?? 0) << 11 | (parts.minute ?? 0) << 5 | (parts.second ?? 0) / 2),
            UInt16(year << 9 | (parts.month ?? 1) << 5 | (parts.day ?? 1)),
        ]
    }
}

/// The signatures of the parts of a zip archive.
enum ZipSignature {
    static let localHeader: UInt32 = 0x0403_4B50
    static let directoryEntry: UInt32 = 0x0201_4B50
    static let end: UInt32 = 0x0605_4B50
}

/// Returns the CRC-32 of a zip entry.
func zipChecksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
}

func zipChecksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes(zipChecksum) }

extension [UInt8] {
    /// Appends numbers, least significant byte first.
    fileprivate mutating func append(little values: [some FixedWidthInteger]) {
        for value in values { Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) } }
    }
}
