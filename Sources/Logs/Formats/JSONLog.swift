import Foundation

/// Reads losses in JSON: one record per line, an array of records, an object of arrays, or records anywhere within
/// other objects.
///
/// The names of nested values are joined by slashes. For `{"num": …, "mean": …, "std": …}`, as StyleGAN writes it, the
/// mean is the value. `NaN` and `Infinity` are numbers, as Python writes them.
struct JSONLog {
    private var table = LogTable()
    /// Whether the text ends in the middle of a record, as a file does that is still being written.
    private(set) var isCutShort = false
    /// Whether the text is a sequence of records, so that further ones can follow.
    private(set) var isByLine = false
    /// The part of the text that is being read.
    private var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var place = 0
    /// The number of lines that are not records.
    private var others = 0
    /// For each column, the consecutive rows up to the newest in which it is `null`.
    private var missing: [Int: [Int32]] = [:]

    /// The maximum depth of nesting in a log.
    private static let mostDepth = 32

    private enum Value {
        case number(Double)
        case numbers([Double])
        case object([(name: String, value: Value)])
        case records([Value])
        case text(String)
        /// `null`
        case missing
        case none

        var isObject: Bool { if case .object = self { true } else { false } }
    }

    private struct Malformed: Error {}

    /// - Returns: `nil` if the text is not JSON.
    static func read(_ text: UnsafeBufferPointer<UInt8>) -> JSONLog? {
        var log = JSONLog()
        log.text = text
        guard log.readAll() else { return nil }
        log.text = UnsafeBufferPointer(start: nil, count: 0)
        return log
    }

    /// Reads the next part of a text that is still being written.
    ///
    /// - Parameter part: whole lines, including the end of the last one.
    mutating func read(next part: ArraySlice<UInt8>) {
        part.withUnsafeBufferPointer { part in
            (text, place) = (part, 0)
            _ = values()
            text = UnsafeBufferPointer(start: nil, count: 0)
        }
    }

    /// The table of everything read so far.
    func result() -> LogTable {
        var table = table
        table.endWithNaN(missing)
        return table
    }

    private mutating func readAll() -> Bool {
        if text.count >= 3, text[0] == 0xEF { place = 3 }
        skipBlanks()
        guard place < text.count, text[place] == UInt8(ascii: "{") || text[place] == UInt8(ascii: "[") else {
            return false
        }
        guard text[place] == UInt8(ascii: "[") else {
            isByLine = true
            return values()
        }
        do {
            try array()
        } catch {
            // Everything before the damage counts, if it is a log at all.
            isCutShort = true
            return table.rowCount > 0
        }
        // `[3] loss: 0.5` is a printed line that begins with a counter.
        skipBlanks()
        return place >= text.count && table.rowCount > 0
    }

    /// Reads an array of records, one at a time.
    private mutating func array() throws {
        place += 1
        var numbers: [Double] = []
        while true {
            skipBlanks()
            guard place < text.count else { throw Malformed() }
            if text[place] == UInt8(ascii: "]") {
                place += 1
                break
            }
            if text[place] == UInt8(ascii: ",") {
                place += 1
                continue
            }
            switch try value(depth: 0) {
            case .number(let number): numbers.append(number)
            case .numbers(let row): add(row)
            case let other: add(other)
            }
        }
        if !numbers.isEmpty { table.append([("value", numbers)]) }
    }

    /// Adds one row of `[[1, 0.5], [2, 0.4]]`.
    private mutating func add(_ row: [Double]) {
        table.beginRow()
        for (index, number) in row.prefix(64).enumerated() {
            if let column = table.column("column \(index + 1)") { table.append(number, to: column) }
        }
    }

    /// Reads consecutive records, usually one per line; lines of anything else are left out.
    ///
    /// - Returns: whether most of them are records.
    private mutating func values() -> Bool {
        while true {
            skipBlanks()
            while place < text.count, text[place] == UInt8(ascii: ",") {
                place += 1
                skipBlanks()
            }
            guard place < text.count else { break }
            let start = place
            do {
                add(try value(depth: 0))
            } catch {
                place = start
                while place < text.count, !text[place].isLineEnd { place += 1 }
                isCutShort = place >= text.count
                others += isCutShort ? 0 : 1
            }
        }
        return table.rowCount > others
    }

    // MARK: - Records

    /// Adds a record, or the records within it.
    private mutating func add(_ value: Value) {
        switch value {
        case .records(let records): records.forEach { add($0) }
        case .object(let fields)
        where fields.count > 1 && fields.allSatisfy { Int($0.name) != nil && $0.value.isObject }:
            // `{"1": {"loss": …}, "2": …}`: records by their epochs.
            for (name, record) in fields {
                guard case .object(let inner) = record else { continue }
                add(.object([("epoch", .number(Double(name) ?? 0))] + inner))
            }
        case .object(let fields):
            var columns: [(name: String, values: [Double])] = []
            var numbers: [(String, Double)] = []
            var records: [Value] = []
            var missing: [String] = []
            flatten(fields, "", &numbers, &columns, &records, &missing)
            if !columns.isEmpty, columns.contains(where: { $0.values.count > 1 }) { table.append(columns) }
            if !numbers.isEmpty {
                table.beginRow()
                for (name, number) in numbers {
                    if let column = table.column(name), table.columns[column].lastRow < table.rowCount - 1 {
                        table.append(number, to: column)
                        self.missing[column] = nil
                    }
                }
                for name in missing {
                    if let column = table.place(of: name) {
                        self.missing[column, default: []].append(Int32(table.rowCount - 1))
                    }
                }
            }
            records.forEach { add($0) }
        default: break
        }
    }

    private func flatten(
        _ fields: [(name: String, value: Value)], _ prefix: String, _ numbers: inout [(String, Double)],
        _ columns: inout [(name: String, values: [Double])], _ records: inout [Value], _ missing: inout [String]
    ) {
        let named = JSONLog.namedValue(fields)
        let prefix = named == nil ? prefix : ""
        for (name, value) in fields {
            if let named, LongTable.valueColumns.contains(name.lowercased()) {
                numbers.append(named)
                continue
            }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            switch value {
            case .number(let number): numbers.append((path, number))
            case .numbers(let values):
                if values.count == 1 { numbers.append((path, values[0])) } else { columns.append((path, values)) }
            case .object(let inner):
                if let mean = JSONLog.mean(inner) {
                    numbers.append((path, mean))
                } else {
                    flatten(inner, path, &numbers, &columns, &records, &missing)
                }
            case .records(let inner): records += inner
            case .text(let text):
                // `"loss": "0.53"`, as some loggers write numbers.
                if let number = Double(text) { numbers.append((path, number)) }
            case .missing: missing.append(path)
            case .none: break
            }
        }
    }

    /// The value of `{"name": "d_loss", "value": 0.5}` under its own name; `nil` if a record has numbers other than
    /// counters and times.
    private static func namedValue(_ fields: [(name: String, value: Value)]) -> (String, Double)? {
        var names: [String] = []
        var values: [Double] = []
        for (name, value) in fields {
            switch value {
            case .text(let text) where LongTable.nameColumns.contains(name.lowercased()): names.append(text)
            case .text(let text) where LongTable.valueColumns.contains(name.lowercased()):
                Double(text).map { values.append($0) }
            case .number(let number) where LongTable.valueColumns.contains(name.lowercased()): values.append(number)
            case .text, .missing, .none: break
            case .number:
                let meaning = ColumnMeaning(name)
                guard meaning.isCounter || meaning.kind == .time else { return nil }
            default: return nil
            }
        }
        guard let name = names.first, values.count == 1 else { return nil }
        return (name, values[0])
    }

    private static func mean(_ fields: [(name: String, value: Value)]) -> Double? {
        guard fields.contains(where: { $0.name == "num" || $0.name == "count" || $0.name == "std" }),
            let field = fields.first(where: { $0.name == "mean" }), case .number(let mean) = field.value
        else { return nil }
        return mean
    }

    // MARK: - Syntax

    private mutating func skipBlanks() {
        while place < text.count, text[place].isBlank || text[place].isLineEnd { place += 1 }
    }

    private mutating func value(depth: Int) throws -> Value {
        skipBlanks()
        guard place < text.count, depth < JSONLog.mostDepth else { throw Malformed() }
        switch text[place] {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            while place < text.count, text[place].isLetter { place += 1 }
            return .none
        default:
            guard let reading = NumberText.read(text, at: place) else { throw Malformed() }
            place = reading.end
            return reading.value.map { .number($0) } ?? .missing
        }
    }

    private mutating func object(depth: Int) throws -> [(name: String, value: Value)] {
        place += 1
        var fields: [(name: String, value: Value)] = []
        while true {
            skipBlanks()
            guard place < text.count else { throw Malformed() }
            switch text[place] {
            case UInt8(ascii: "}"):
                place += 1
                return fields
            case UInt8(ascii: ","): place += 1
            case UInt8(ascii: "\""):
                let name = try string()
                skipBlanks()
                guard place < text.count, text[place] == UInt8(ascii: ":") else { throw Malformed() }
                place += 1
                fields.append((name, try value(depth: depth + 1)))
            default: throw Malformed()
            }
        }
    }

    private mutating func list(depth: Int) throws -> Value {
        place += 1
        var numbers: [Double] = []
        var others: [Value] = []
        while true {
            skipBlanks()
            guard place < text.count else { throw Malformed() }
            if text[place] == UInt8(ascii: "]") {
                place += 1
                return others.isEmpty ? .numbers(numbers) : .records(others)
            }
            if text[place] == UInt8(ascii: ",") {
                place += 1
                continue
            }
            switch try value(depth: depth + 1) {
            case .number(let number): numbers.append(number)
            case .missing, .none: numbers.append(.nan)
            case let other: others.append(other)
            }
        }
    }

    private mutating func string() throws -> String {
        place += 1
        let start = place
        var hasEscapes = false
        while place < text.count, text[place] != UInt8(ascii: "\"") {
            if text[place] == UInt8(ascii: "\\") {
                hasEscapes = true
                place += 1
            }
            place += 1
        }
        guard place < text.count else { throw Malformed() }
        defer { place += 1 }
        let plain = String(decoding: text[start..<place], as: UTF8.self)
        guard hasEscapes else { return plain }
        return (try? JSONDecoder().decode(String.self, from: Data("\"\(plain)\"".utf8))) ?? plain
    }
}

extension LogTable {
    /// The minimum number of rows that are `null`, because fewer may be an accident, and of rows that have values
    /// before them.
    private static let fewestMissing = 3
    private static let fewestBefore = 10

    /// Takes `null` as NaN, which JSON does not have, if both players' losses were logged in nearly every row and are
    /// `null` from one row to the end. Rows of something else, such as a test, have columns of their own, and rows of
    /// one player's training contain its loss.
    ///
    /// - Parameter missing: for each column, the last rows in which it is `null`.
    fileprivate mutating func endWithNaN(_ missing: [Int: [Int32]]) {
        let places = missing.filter { isLost(columns[$0.key], $0.value) }.sorted { $0.key < $1.key }
        let players = Set(places.compactMap { columns[$0.key].meaning.player })
        guard players.count == 2, let rows = places.first?.value, places.allSatisfy({ $0.value == rows }),
            let first = rows.first, columns.allSatisfy({ ($0.rows.first ?? 0) < first })
        else { return }
        for (place, rows) in places {
            columns[place].rows += rows
            columns[place].values += [Double](repeating: .nan, count: rows.count)
            notes.append(
                "“\(columns[place].name)” is null in the last \(rows.count) rows; this was taken as NaN, which JSON does not have."
            )
        }
    }

    /// Whether a loss had a value in nearly every row before the given last ones.
    private func isLost(_ column: Column, _ missing: [Int32]) -> Bool {
        guard column.meaning.isLoss, let first = missing.first else { return false }
        return missing.count >= LogTable.fewestMissing && 10 * missing.count >= 9 * (rowCount - Int(first))
            && column.values.count >= LogTable.fewestBefore && 10 * column.values.count >= 9 * Int(first)
    }
}
