import CZlib
import Foundation

/// A ZIP archive that is written part by part. Files are stored without compression, since images are compressed already.
/// It uses ZIP64 records, so neither the number of files nor their size has a limit that a training could reach.
///
/// Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
struct ZipArchive {
    private var directory = Data()
    private var count: UInt64 = 0
    private var offset: UInt64 = 0

    /// The bytes of a file's entry. Write them immediately, in the order of the calls.
    mutating func entry(_ name: String, _ contents: Data, modified: Date) -> Data {
        let name = Data(name.utf8)
        let sum = contents.withUnsafeBytes { bytes in
            UInt32(truncatingIfNeeded: crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
        }
        // Version 4.5, UTF-8 names, stored.
        var shared = Data()
        shared.append(little: [45, 0x0800, 0] as [UInt16])
        shared.append(little: ZipArchive.time(modified))
        shared.append(little: [sum, .max, .max] as [UInt32])
        shared.append(little: [UInt16(name.count)])
        let size = UInt64(contents.count)

        var entry = Data()
        entry.append(little: [0x0403_4B50] as [UInt32])
        entry.append(shared)
        entry.append(little: [20] as [UInt16])
        entry.append(name)
        entry.append(little: [1, 16] as [UInt16])
        entry.append(little: [size, size])
        entry.append(contents)

        directory.append(little: [0x0201_4B50] as [UInt32])
        directory.append(little: [45] as [UInt16])
        directory.append(shared)
        // Extra field, comment, disk, attributes.
        directory.append(little: [28, 0, 0, 0, 0, 0] as [UInt16])
        directory.append(little: [.max] as [UInt32])
        directory.append(name)
        directory.append(little: [1, 24] as [UInt16])
        directory.append(little: [size, size, offset])

        count += 1
        offset += UInt64(entry.count)
        return entry
    }

    /// The end of the archive: the central directory and its records.
    func end() -> Data {
        var end = directory
        let size = UInt64(directory.count)
        end.append(little: [0x0606_4B50] as [UInt32])
        end.append(little: [44] as [UInt64])
        end.append(little: [45, 45] as [UInt16])
        end.append(little: [0, 0] as [UInt32])
        end.append(little: [count, count, size, offset])
        end.append(little: [0x0706_4B50, 0] as [UInt32])
        end.append(little: [offset + size])
        end.append(little: [1, 0x0605_4B50] as [UInt32])
        end.append(little: [0, 0, .max, .max] as [UInt16])
        end.append(little: [.max, .max] as [UInt32])
        end.append(little: [0] as [UInt16])
        return end
    }

    /// Time and date in MS-DOS format: from 1980, with a resolution of two seconds.
    private static func time(_ date: Date) -> [UInt16] {
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

extension Data {
    fileprivate mutating func append(little values: [some FixedWidthInteger]) {
        for value in values { Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) } }
    }
}
