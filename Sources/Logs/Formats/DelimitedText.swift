import Foundation

/// Reads a table as text: rows of cells between commas, semicolons, tabs, bars or blanks, with or without a header.
///
/// Lines that begin with `#` are comments, except that the last one before a row of numbers is the header, as
/// `numpy.savetxt` writes it. If the separator is not a comma and no number has a point, commas are decimal commas.
struct DelimitedText {
    private let text: UnsafeBufferPointer<UInt8>
    private let source: String
    private var cells: [CellText.Cell] = []

    /// A table, and warnings about it.
    struct Contents {
        var table = LogTable()
        var warnings: [String] = []
    }

    /// The start of a table, and the separator of its cells.
    struct Layout {
        var start: Int
        var line: Int
        var separator: CellText.Separator
        /// The text of a comment that names the columns.
        var comment: Range<Int>?
        var hasHeader: Bool
        /// Whether the header has one cell less than the rows, because row numbers have no name.
        var isHeaderShort = false
    }

    init(_ text: UnsafeBufferPointer<UInt8>, source: String) {
        self.text = text
        self.source = source
    }

    mutating func read(_ layout: Layout) throws -> Contents {
        let commas = try DecimalCommas(text, from: layout.start, separator: layout.separator, source: source)
        var rows = CellText(text, separator: layout.separator, from: layout.start, line: layout.line)
        var contents = Contents()
        var names: [String] = []
        if let comment = layout.comment {
            names = header(comment, layout.separator)
        } else if layout.hasHeader {
            // Skip the rule at the top of a box.
            while rows.next(&cells), cells.allSatisfy({ $0.isRule(in: text) }) {}
            names = cells.map(text(of:))
        }
        var columns: [TextColumn] = []
        func addColumns(_ count: Int) {
            for index in columns.count..<max(columns.count, count) {
                columns.append(TextColumn(index < names.count ? names[index] : ""))
            }
        }
        addColumns(names.count)
        var odd: (count: Int, line: Int, cells: Int)?
        var last = 0
        while rows.next(&cells) {
            if cells.count == 1, cells[0].isEmpty { continue }
            if let first = cells.first, text[first.range].first == UInt8(ascii: "#") { continue }
            if cells.allSatisfy({ $0.isRule(in: text) }) || isSizeOfTable() { continue }
            if columns.isEmpty { addColumns(cells.count) }
            // Drop the empty last cell of rows that end with a separator.
            if !names.isEmpty, cells.count == columns.count + 1, cells.last?.isEmpty == true { cells.removeLast() }
            if contents.table.rowCount == 0, cells.count == names.count + 1,
                TableDetection.mayLackIndex(names, isIndented: text[layout.start].isBlank)
            {
                // Row numbers precede the first column and have no name.
                columns.insert(TextColumn(""), at: 0)
            }
            // Skip a repeated header, as after a restart.
            if !names.isEmpty, cells.count == names.count, zip(cells, names).allSatisfy({ text(of: $0) == $1 }) {
                continue
            }
            if cells.count != columns.count { odd = ((odd?.count ?? 0) + 1, rows.line, cells.count) }
            last = rows.line
            contents.table.beginRow()
            for (index, cell) in cells.prefix(columns.count).enumerated() {
                columns[index].take(cell, text, commas, row: contents.table.rowCount - 1, line: rows.line)
            }
        }
        guard contents.table.rowCount > 0 else { throw LogError("\(source) has a header but no rows.") }
        try check(odd, columns.count, rows: contents.table.rowCount, last: last, &contents)
        try add(columns, to: &contents)
        return contents
    }

    /// Whether the row is `[100 rows x 3 columns]`, which pandas prints below a table.
    private func isSizeOfTable() -> Bool {
        guard cells.count == 5, let first = cells.first, text[first.range].first == UInt8(ascii: "[") else {
            return false
        }
        return [1: "rows", 2: "x", 4: "columns]"].allSatisfy { text(of: cells[$0]) == $1 }
    }

    private func text(of cell: CellText.Cell) -> String {
        let text = String(decoding: text[cell.range], as: UTF8.self)
        return cell.isQuoted ? text.replacing("\"\"", with: "\"") : text
    }

    private func header(_ comment: Range<Int>, _ separator: CellText.Separator) -> [String] {
        var cells: [CellText.Cell] = []
        var row = CellText(UnsafeBufferPointer(rebasing: text[comment]), separator: separator)
        _ = row.next(&cells)
        return cells.map {
            String(
                decoding: text[comment.lowerBound + $0.range.lowerBound..<comment.lowerBound + $0.range.upperBound],
                as: UTF8.self)
        }
    }

    /// A row of another length at the end was still being written; if there are more of them, this is not a table.
    private func check(
        _ odd: (count: Int, line: Int, cells: Int)?, _ count: Int, rows: Int, last: Int, _ contents: inout Contents
    ) throws {
        guard let odd else { return }
        let what =
            "line \(odd.line) has \(odd.cells) \(odd.cells == 1 ? "cell" : "cells"), expected \(count)"
        guard odd.line == last || 20 * odd.count <= rows, rows > 1 else {
            throw LogError("\(source): \(what) (is the file truncated?).")
        }
        contents.warnings.append("\(source): \(what); the missing cells were left out.")
    }

    private func add(_ columns: [TextColumn], to contents: inout Contents) throws {
        let rows = contents.table.rowCount
        var taken: Set<String> = []
        for (index, column) in columns.enumerated() {
            // A column of text is not needed, but a value that cannot be read among numbers is a mistake.
            if let text = column.firstText, 20 * column.textCount <= rows {
                contents.warnings.append(
                    "\(source): “\(text.text.prefix(40))” in line \(text.line) is not a number, unlike the rest of the column “\(column.name)”; it was left out."
                )
            } else if let text = column.firstText, 2 * column.textCount < rows {
                throw LogError(
                    "\(source): “\(text.text.prefix(40))” in line \(text.line) is not a number, unlike the rest of the column “\(column.name)”."
                )
            }
            guard column.textCount == 0 || 20 * column.textCount <= rows else {
                // A column of words is left out silently; a column of what looks like numbers is reported.
                if let text = column.firstText, text.text.first?.isNumber == true,
                    !text.text.contains(where: { ":/-".contains($0) })
                {
                    contents.warnings.append(
                        "The column “\(column.name)” was left out: “\(text.text.prefix(40))” in line \(text.line) "
                            + "cannot be read as a number."
                    )
                }
                continue
            }
            let name = column.name.isEmpty ? "column \(index + 1)" : column.name
            guard taken.insert(name).inserted else {
                contents.warnings.append("\(source) names the column “\(name)” twice; the first one was used.")
                continue
            }
            guard let place = contents.table.column(name) else { continue }
            contents.table.columns[place].rows = column.rows
            contents.table.columns[place].values = column.values
        }
    }
}

/// A column while its table is read.
private struct TextColumn {
    let name: String
    var rows: [Int32] = []
    var values: [Double] = []
    var textCount = 0
    var firstText: (line: Int, text: String)?

    init(_ name: String) { self.name = name }

    private static let missing: Set<String> = ["", "-", "--", "?", "n/a", "<na>", "nil", "#n/a"]

    mutating func take(
        _ cell: CellText.Cell, _ text: UnsafeBufferPointer<UInt8>, _ commas: DecimalCommas, row: Int, line: Int
    ) {
        guard !cell.isEmpty else { return }
        let bytes = UnsafeBufferPointer(rebasing: text[cell.range])
        if let reading = commas.read(bytes) {
            guard let value = reading.value else { return }
            rows.append(Int32(truncatingIfNeeded: row))
            values.append(value)
            return
        }
        let words = String(decoding: bytes, as: UTF8.self)
        if TextColumn.missing.contains(words.lowercased()) { return }
        if let value = NumberText.wrapped(words) {
            rows.append(Int32(truncatingIfNeeded: row))
            values.append(value)
            return
        }
        if firstText == nil { firstText = (line, words) }
        textCount += 1
    }
}

/// Whether a table uses commas as decimal points or as thousands separators.
struct DecimalCommas {
    private let areDecimal: Bool

    /// - Throws: ``LogError`` for ambiguous numbers.
    init(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int, separator: CellText.Separator, source: String
    ) throws {
        guard separator != .byte(UInt8(ascii: ",")) else {
            areDecimal = false
            return
        }
        var hasPoint = false
        var commas: [Range<Int>] = []
        var place = start
        let end = min(text.count, start + 1 << 16)
        while place < end {
            guard text[place].isDigit else {
                place += 1
                continue
            }
            let first = place
            var comma: Int?
            while place < end,
                text[place].isDigit || text[place] == UInt8(ascii: ",") || text[place] == UInt8(ascii: ".")
            {
                if text[place] == UInt8(ascii: "."), place + 1 < end, text[place + 1].isDigit { hasPoint = true }
                if text[place] == UInt8(ascii: ","), comma == nil, place + 1 < end, text[place + 1].isDigit {
                    comma = place
                }
                place += 1
            }
            if comma != nil { commas.append(first..<place) }
        }
        areDecimal = !commas.isEmpty && !hasPoint
        guard areDecimal else { return }
        func isGrouped(_ number: Range<Int>) -> Bool {
            let parts = text[number].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            return parts.dropFirst().allSatisfy { $0.count == 3 } && parts[0].count <= 3
        }
        if let first = commas.first, commas.allSatisfy(isGrouped) {
            let number = String(decoding: text[first], as: UTF8.self)
            throw LogError(
                "\(source): the comma in “\(number)” may be a decimal point or a thousands separator; write numbers "
                    + "with a decimal point and without thousands separators."
            )
        }
    }

    func read(_ cell: UnsafeBufferPointer<UInt8>) -> NumberText.Reading? {
        if areDecimal, cell.contains(UInt8(ascii: ",")) {
            let words = String(decoding: cell, as: UTF8.self).replacing(",", with: ".")
            return Double(words).map { NumberText.Reading(value: $0, end: cell.count, isWhole: false) }
        }
        return NumberText.read(cell: cell)
    }
}
