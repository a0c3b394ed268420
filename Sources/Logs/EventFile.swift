import Foundation

/// TensorBoard's event files: records of `length | masked CRC-32C | data | masked CRC-32C`, each an `Event` message with
/// scalars under tags.
///
/// Source: `tensorflow/core/lib/io/record_writer.h`, `tensorflow/core/util/event.proto`, `…/framework/summary.proto`.
enum EventFile {
    static func read(folder: URL) throws -> LossLog {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        let files = names.filter { ($0 as NSString).lastPathComponent.contains("tfevents") }.sorted()
        guard !files.isEmpty else { throw LogError("\(folder.path) holds no TensorBoard event file (“…tfevents…”).") }
        return try read(files.map { folder.appendingPathComponent($0) })
    }

    static func read(_ files: [URL]) throws -> LossLog {
        var values: [String: [Int: Double]] = [:]
        var warnings: [String] = []
        var folders: [String: String] = [:]
        for file in files {
            let folder = file.deletingLastPathComponent().path
            let data = [UInt8](try LossLog.bytes(of: file))
            var reader = Records(data, source: file.path)
            while let record = try reader.next() {
                // A later value of a step replaces an earlier one, as after a resume.
                for scalar in try Event.scalars(record, source: file.path) {
                    let other = folders.updateValue(folder, forKey: scalar.tag) ?? folder
                    guard other == folder else {
                        throw LogError(
                            "“\(scalar.tag)” is logged in \(other) and in \(folder): these are several runs; name one of the folders."
                        )
                    }
                    values[scalar.tag, default: [:]][scalar.step] = scalar.value
                }
            }
            if reader.isCutShort {
                warnings.append("\(file.path) ends within a record, as a file that is still being written does.")
            }
        }
        guard !values.isEmpty else { throw LogError("\(files[0].path) holds no scalar.") }
        let columns = values.mapValues { points in
            points.sorted { $0.key < $1.key }.map { (step: $0.key, value: $0.value) }
        }
        return LossLog(names: columns.keys.sorted(), columns: columns, warnings: warnings)
    }

    /// The records of a file.
    private struct Records {
        private let data: [UInt8]
        private let source: String
        private var offset = 0
        private(set) var isCutShort = false

        init(_ data: [UInt8], source: String) {
            self.data = data
            self.source = source
        }

        mutating func next() throws -> ArraySlice<UInt8>? {
            guard offset < data.count else { return nil }
            guard data.count - offset >= 12 else { return cut() }
            let head = data[offset..<offset + 8]
            let length = head.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard CRC32C.masked(head) == word(offset + 8) else { throw damaged() }
            guard length <= UInt64(data.count) else { return cut() }
            let start = offset + 12
            let end = start + Int(length)
            guard end + 4 <= data.count else { return cut() }
            let record = data[start..<end]
            guard CRC32C.masked(record) == word(end) else { throw damaged() }
            offset = end + 4
            return record
        }

        private mutating func cut() -> ArraySlice<UInt8>? {
            isCutShort = true
            offset = data.count
            return nil
        }

        private func word(_ offset: Int) -> UInt32 {
            data[offset..<offset + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }

        private func damaged() -> LogError {
            LogError("\(source) is no TensorBoard event file, or damaged: the checksum at byte \(offset) is wrong.")
        }
    }

    /// The one message that matters.
    private enum Event {
        static func scalars(_ record: ArraySlice<UInt8>, source: String) throws -> [(
            tag: String, step: Int, value: Double
        )] {
            var step = 0
            var summaries: [ArraySlice<UInt8>] = []
            var event = ProtobufFields(record)
            while let field = try event.next(source) {
                switch (field.number, field.content) {
                case (2, .varint(let value)): step = Int(truncatingIfNeeded: value)
                case (5, .bytes(let bytes)): summaries.append(bytes)
                default: break
                }
            }
            var scalars: [(tag: String, step: Int, value: Double)] = []
            for bytes in summaries {
                var summary = ProtobufFields(bytes)
                while let field = try summary.next(source) {
                    guard field.number == 1, case .bytes(let value) = field.content else { continue }
                    if let (tag, number) = try scalar(value, source) { scalars.append((tag, step, number)) }
                }
            }
            return scalars
        }

        /// A tag and its number; `nil` for a picture or something else.
        private static func scalar(_ bytes: ArraySlice<UInt8>, _ source: String) throws -> (String, Double)? {
            var tag: String?
            var number: Double?
            var fields = ProtobufFields(bytes)
            while let field = try fields.next(source) {
                switch (field.number, field.content) {
                case (1, .bytes(let text)): tag = String(decoding: text, as: UTF8.self)
                case (2, .fixed32(let bits)): number = Double(Float(bitPattern: bits))
                case (8, .bytes(let tensor)): number = try element(tensor, source) ?? number
                default: break
                }
            }
            guard let tag, let number else { return nil }
            return (tag, number)
        }

        /// The one element of a tensor of float32 (1) or float64 (2).
        private static func element(_ bytes: ArraySlice<UInt8>, _ source: String) throws -> Double? {
            var type: UInt64 = 0
            var number: Double?
            var fields = ProtobufFields(bytes)
            while let field = try fields.next(source) {
                switch (field.number, field.content) {
                case (1, .varint(let value)): type = value
                case (5, .fixed32(let bits)) where type == 1: number = Double(Float(bitPattern: bits))
                case (6, .fixed64(let bits)) where type == 2: number = Double(bitPattern: bits)
                case (4, .bytes(let raw)), (5, .bytes(let raw)), (6, .bytes(let raw)):
                    if type == 1, raw.count == 4 {
                        number = Double(Float(bitPattern: raw.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
                    } else if type == 2, raw.count == 8 {
                        number = Double(bitPattern: raw.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
                    }
                default: break
                }
            }
            return number
        }
    }
}

/// The fields of a protocol buffer message, one after the other.
private struct ProtobufFields {
    enum Content {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next(_ source: String) throws -> (number: UInt64, content: Content)? {
        guard !rest.isEmpty else { return nil }
        guard let key = varint() else { throw malformed(source) }
        let content: Content
        switch key & 7 {
        case 0:
            guard let value = varint() else { throw malformed(source) }
            content = .varint(value)
        case 1:
            guard let value = fixed(8) else { throw malformed(source) }
            content = .fixed64(value)
        case 2:
            guard let length = varint(), length <= UInt64(rest.count) else { throw malformed(source) }
            content = .bytes(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
        case 5:
            guard let value = fixed(4) else { throw malformed(source) }
            content = .fixed32(UInt32(value))
        default: throw malformed(source)
        }
        return (key >> 3, content)
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func fixed(_ count: Int) -> UInt64? {
        guard rest.count >= count else { return nil }
        let value = rest.prefix(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(count)
        return value
    }

    private func malformed(_ source: String) -> LogError {
        LogError("\(source) holds a record that is no TensorBoard event; save it anew.")
    }
}
