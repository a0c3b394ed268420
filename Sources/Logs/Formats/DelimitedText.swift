import Foundation

/// Reads a table as text: rows of cells between commas, semicolons, tabs, bars or blanks, with or without a header.
///
/// Lines that begin with `#` are comments, except that the last one before a row of numbers is the header, as
/// `numpy.savetxt` writes it. If the separator is not a comma and no number has a point, commas are decimal commas.
struct DelimitedText {
    /// The part of the text that is being read.
    private var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private let source: String
    private let separator: CellText.Separator
    private let commas: DecimalCommas
    private var names: [String] = []
    private var isIndented = false
    private var cells: [CellText.Cell] = []
    private var columns: [TextColumn] = []
    private var rowCount = 0
    /// The rows of another length than the first.
    private var odd: (count: Int, line: Int, cells: Int)?
    /// The line of the last row, and the last line that was read.
    private var (lastRow, lastLine) = (0, 0)

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

    /// Reads the text from its header on.
    ///
    /// - Throws: ``LogError`` for numbers with ambiguous commas.
    init(_ text: UnsafeBufferPointer<UInt8>, _ layout: Layout, source: String) throws {
        (self.source, separator) = (source, layout.separator)
        commas = try DecimalCommas(text, from: layout.start, separator: layout.separator, source: source)
        self.text = text
        defer { self.text = UnsafeBufferPointer(start: nil, count: 0) }
        isIndented = layout.start < text.count && text[layout.start].isBlank
        var rows = CellText(text, separator: layout.separator, from: layout.start, line: layout.line)
        if let comment = layout.comment {
            names = header(comment, layout.separator)
        } else if layout.hasHeader {
            // Skip the rule at the top of a box.
            while rows.next(&cells), cells.allSatisfy({ $0.isRule(in: text) }) {}
            names = cells.map(text(of:))
        }
        addColumns(names.count)
        read(&rows)
    }

    /// Reads the next part of a text that is still being written.
    ///
    /// - Parameter part: whole lines, including the end of the last one.
    mutating func read(next part: ArraySlice<UInt8>) {
        part.withUnsafeBufferPointer { part in
            text = part
            defer { text = UnsafeBufferPointer(start: nil, count: 0) }
            var rows = CellText(part, separator: separator, line: lastLine)
            read(&rows)
        }
    }

    private mutating func addColumns(_ count: Int) {
        for index in columns.count..<max(columns.count, count) {
            columns.append(TextColumn(index < names.count ? names[index] : ""))
        }
    }

    private mutating func read(_ rows: inout CellText) {
        while rows.next(&cells) {
            if cells.count == 1, cells[0].isEmpty { continue }
            if let first = cells.first, text[first.range].first == UInt8(ascii: "#") { continue }
            if cells.allSatisfy({ $0.isRule(in: text) }) || isSizeOfTable() { continue }
            if columns.isEmpty { addColumns(cells.count) }
            // Drop the empty last cell of rows that end with a separator.
            if !names.isEmpty, cells.count == columns.count + 1, cells.last?.isEmpty == true { cells.removeLast() }
            if rowCount == 0, cells.count == names.count + 1,
                TableDetection.mayLackIndex(names, isIndented: isIndented)
            {
                // Row numbers precede the first column and have no name.
                columns.insert(TextColumn(""), at: 0)
            }
            // Skip a repeated header, as after a restart.
            if !names.isEmpty, cells.count == names.count, zip(cells, names).allSatisfy({ text(of: $0) == $1 }) {
                continue
            }
            if cells.count != columns.count { odd = ((odd?.count ?? 0) + 1, rows.line, cells.count) }
            lastRow = rows.line
            for (index, cell) in cells.prefix(columns.count).enumerated() {
                columns[index].take(cell, text, commas, row: rowCount, line: rows.line)
            }
            rowCount += 1
        }
        lastLine = rows.line
    }

    /// The table of everything read so far.
    ///
    /// - Throws: ``LogError`` if it is not a table of numbers.
    func contents() throws -> Contents {
        guard rowCount > 0 else { throw LogError("\(source) has a header but no rows.") }
        var contents = Contents()
        contents.table.beginRows(rowCount)
        try check(&contents)
        try addColumns(to: &contents)
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
    private func check(_ contents: inout Contents) throws {
        guard let odd else { return }
        let what =
            "line \(odd.line) has \(odd.cells) \(odd.cells == 1 ? "cell" : "cells"), expected \(columns.count)"
        guard odd.line == lastRow || 20 * odd.count <= rowCount, rowCount > 1 else {
            throw LogError("\(source): \(what) (is the file truncated?).")
        }
        contents.warnings.append("\(source): \(what); the missing cells were left out.")
    }

    private func addColumns(to contents: inout Contents) throws {
        let rows = rowCount
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
