import Foundation

/// Reads TensorBoard event files: records of `length | masked CRC-32C | data | masked CRC-32C`, each an `Event` message
/// with scalars under tags.
///
/// Source: `tensorflow/core/lib/io/record_writer.h`, `tensorflow/core/util/event.proto`, `…/framework/summary.proto`.
enum EventFile {
    /// - Returns: `nil` if the folder has no event file.
    static func read(folder: URL) throws -> LogFile? {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
        // Sort the files by their start time, which their names contain.
        let files = names.filter { ($0 as NSString).lastPathComponent.contains("tfevents") }.sorted {
            (($0 as NSString).lastPathComponent, $0) < (($1 as NSString).lastPathComponent, $1)
        }
        guard !files.isEmpty else { return nil }
        var log = try read(files.map { folder.appending(path: $0) })
        log.name = folder.path
        return log
    }

    static func read(_ files: [URL]) throws -> LogFile {
        var folders: [String: TagSeries] = [:]
        var warnings: [String] = []
        for file in files {
            let folder = file.deletingLastPathComponent().path
            try read(file, into: &folders[folder, default: TagSeries()], &warnings)
        }
        let series = try TagSeries.joined(folders)
        guard !series.isEmpty else {
            throw LogError("\(files[0].path) contains no scalars.\(warnings.first.map { " \($0)" } ?? "")")
        }
        var table = table(series)
        if let restarts = folders.values.compactMap({ $0.restarts.values.max() }).max() {
            table.notes.append(
                "The steps of the event files go back \(Restarts.times(restarts)): after a restart, new values replace "
                    + "the old ones from its first step on, as in TensorBoard."
            )
        }
        return LogFile(name: files[0].path, table: table, warnings: warnings)
    }

    /// Reads one file up to its end, or to where it is damaged; everything before that counts.
    private static func read(_ file: URL, into series: inout TagSeries, _ warnings: inout [String]) throws {
        var reader = Records([UInt8](try LogFile.bytes(of: file)), source: file.path)
        do {
            while let record = try reader.next() {
                for scalar in try Event.scalars(record, source: file.path) { series.append(scalar) }
            }
        } catch let error as LogError {
            warnings.append("\(error) The rest of that file was left out.")
        }
        if reader.isCutShort {
            warnings.append("\(file.path) ends in the middle of a record (is it still being written?).")
        }
    }

    /// The tags as columns, with one row per step.
    private static func table(_ series: [String: [(step: Int, value: Double)]]) -> LogTable {
        var rows: [Int: Int] = [:]
        for step in Set(series.values.lazy.flatMap { $0.lazy.map(\.step) }).sorted() { rows[step] = rows.count }
        var table = LogTable()
        let step = table.column("step")
        for number in rows.keys.sorted() {
            table.beginRow()
            if let step { table.append(Double(number), to: step) }
        }
        for (tag, points) in series.sorted(by: { $0.key < $1.key }) {
            guard let column = table.column(tag == "step" ? "step (logged)" : tag) else { continue }
            table.columns[column].rows = points.map { Int32(truncatingIfNeeded: rows[$0.step] ?? 0) }
            table.columns[column].values = points.map(\.value)
        }
        return table
    }

    /// The scalars of a folder by tag.
    private struct TagSeries {
        private(set) var points: [String: [(step: Int, value: Double)]] = [:]
        /// How often the steps of a tag went back.
        private(set) var restarts: [String: Int] = [:]

        /// A repeated or earlier step begins a restart, which replaces what it repeats (TensorBoard's rule).
        mutating func append(_ scalar: (tag: String, step: Int, value: Double)) {
            if let last = points[scalar.tag]?.last, last.step >= scalar.step {
                if last.step > scalar.step { restarts[scalar.tag, default: 0] += 1 }
                while let last = points[scalar.tag]?.last, last.step >= scalar.step { points[scalar.tag]?.removeLast() }
            }
            points[scalar.tag, default: []].append((scalar.step, scalar.value))
        }

        /// Joins the tags of several folders. `add_scalars`, and programs with one writer per metric, give every series
        /// its own folder and the same tag. If folders share several tags, they are several runs.
        static func joined(_ folders: [String: TagSeries]) throws -> [String: [(step: Int, value: Double)]] {
            var counts: [String: Int] = [:]
            for tag in folders.values.flatMap(\.points.keys) { counts[tag, default: 0] += 1 }
            let shared = counts.filter { $0.value > 1 }
            if shared.count > 1 {
                let names = folders.keys.sorted().prefix(5).joined(separator: ", ")
                throw LogError(
                    "“\(shared.keys.sorted()[0])” and \(shared.count - 1) more tags are logged in several folders, so these are several runs; choose one of \(names)."
                )
            }
            var joined: [String: [(step: Int, value: Double)]] = [:]
            for (folder, series) in folders.sorted(by: { $0.key < $1.key }) {
                for (tag, points) in series.points {
                    joined[counts[tag] == 1 ? tag : "\((folder as NSString).lastPathComponent)/\(tag)"] = points
                }
            }
            return joined
        }
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
            LogError(
                "\(source) is not a TensorBoard event file, or is damaged: the checksum at byte \(offset) is wrong.")
        }
    }

    /// The only message that is needed.
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

        /// A tag and its number; `nil` for an image or any other value.
        private static func scalar(_ bytes: ArraySlice<UInt8>, _ source: String) throws -> (String, Double)? {
            var tag: String?
            var number: Double?
            var fields = ProtobufFields(bytes)
            while let field = try fields.next(source) {
                switch (field.number, field.content) {
                case (1, .bytes(let text)): tag = String(decoding: text, as: UTF8.self)
                case (2, .fixed32(let bits)): number = shortest(bits)
                case (8, .bytes(let tensor)): number = try element(tensor, source) ?? number
                default: break
                }
            }
            guard let tag, let number else { return nil }
            return (tag, number)
        }

        /// The shortest decimal that represents a 32-bit number: 0.3 stays 0.3, on the same side of a threshold.
        private static func shortest(_ bits: UInt32) -> Double {
            let number = Float(bitPattern: bits)
            return Double(number.description) ?? Double(number)
        }

        /// The single element of a tensor of float32 (1) or float64 (2).
        private static func element(_ bytes: ArraySlice<UInt8>, _ source: String) throws -> Double? {
            var type: UInt64 = 0
            var number: Double?
            var fields = ProtobufFields(bytes)
            while let field = try fields.next(source) {
                switch (field.number, field.content) {
                case (1, .varint(let value)): type = value
                case (5, .fixed32(let bits)) where type == 1: number = shortest(bits)
                case (6, .fixed64(let bits)) where type == 2: number = Double(bitPattern: bits)
                case (4, .bytes(let raw)), (5, .bytes(let raw)), (6, .bytes(let raw)):
                    if type == 1, raw.count == 4 {
                        number = shortest(raw.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
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
