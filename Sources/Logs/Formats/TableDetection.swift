import Foundation

/// Detects whether a text is a table, and the separator of its cells.
struct TableDetection {
    private let text: UnsafeBufferPointer<UInt8>
    /// The number of rows that are checked.
    private static let sample = 200

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// The layout of the table; `nil` if the text is not a table.
    func layout() -> DelimitedText.Layout? {
        var start = 0
        var line = 0
        var comment: Range<Int>?
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { start = 3 }
        while start < text.count {
            let end = lineEnd(start)
            let range = start..<end
            if isBlank(range) {
            } else if text[start] == UInt8(ascii: "#"), !isPrompt(range) {
                comment = range
            } else {
                break
            }
            start = next(end)
            line += 1
        }
        let found = layout(from: start, line: line, comment: comment)
        // A line that looks like a header may be a sentence above the table.
        if let found, !found.hasHeader || (namesALoss(start) && !found.isHeaderShort) { return found }
        return layoutBelowText(from: start, line: line) ?? found
    }

    /// The layout of a table with several columns below some lines of text.
    private func layoutBelowText(from start: Int, line: Int) -> DelimitedText.Layout? {
        var (start, line) = (start, line)
        for _ in 0..<TableDetection.linesOfText {
            guard start < text.count else { return nil }
            start = next(lineEnd(start))
            line += 1
            // A header must be followed by another line.
            guard next(lineEnd(start)) < text.count else { return nil }
            guard let layout = layout(from: start, line: line, comment: nil), layout.hasHeader, !layout.isHeaderShort,
                namesALoss(start)
            else { continue }
            return layout
        }
        return nil
    }

    private static let linesOfText = 12

    /// Whether a line names a loss, so that it can be the header of a log.
    private func namesALoss(_ start: Int) -> Bool {
        let words = String(decoding: text[start..<lineEnd(start)].prefix(2000), as: UTF8.self).split {
            " ,;|\t\"".contains($0)
        }
        return words.count > 1 && words.contains { ColumnMeaning(String($0)).isLoss }
    }

    private func layout(from start: Int, line: Int, comment: Range<Int>?) -> DelimitedText.Layout? {
        guard start < text.count else { return nil }
        let separators: [CellText.Separator] = [
            .byte(UInt8(ascii: ",")), .byte(UInt8(ascii: ";")), .byte(UInt8(ascii: "\t")), .byte(UInt8(ascii: "|")),
            .blanks, .byte(UInt8(ascii: ":")),
        ]
        let candidates = separators.compactMap { separator in
            fit(separator, from: start).map { (separator, $0) }
        }
        // Choose the separator that yields the most columns; if there are several, the first in the list.
        guard let (separator, fit) = candidates.max(by: { $0.1.columns < $1.1.columns }) else { return nil }
        var layout = DelimitedText.Layout(
            start: start, line: line, separator: separator, hasHeader: !fit.beginsWithNumbers,
            isHeaderShort: fit.isHeaderShort)
        if fit.beginsWithNumbers, let comment { layout.comment = trimmed(comment) }
        return layout
    }

    private struct Fit {
        var columns: Int
        var beginsWithNumbers: Bool
        var isHeaderShort = false
    }

    /// Checks whether most rows have as many cells as the first, with numbers in them.
    private func fit(_ separator: CellText.Separator, from start: Int) -> Fit? {
        var rows = CellText(text, separator: separator, from: start)
        var cells: [CellText.Cell] = []
        var counts: [Int] = []
        var numeric: [(numbers: Int, words: Int)] = []
        var names: [String] = []
        while counts.count < TableDetection.sample, rows.next(&cells) {
            if cells.count == 1, cells[0].isEmpty { continue }
            if let first = cells.first, !first.isEmpty, text[first.range.lowerBound] == UInt8(ascii: "#") { continue }
            if !cells.isEmpty, cells.allSatisfy({ $0.isRule(in: text) }) { continue }
            // Drop the empty last cell of rows that end with a separator.
            if let first = counts.first, cells.count == first + 1, cells.last?.isEmpty == true { cells.removeLast() }
            if counts.isEmpty { names = cells.map { String(decoding: text[$0.range], as: UTF8.self) } }
            let numbers = cells.count { isNumber($0) }
            counts.append(cells.count)
            numeric.append((numbers, cells.count { !$0.isEmpty && !isNumber($0) }))
        }
        guard let first = counts.first, let head = numeric.first else { return nil }
        let beginsWithNumbers = head.numbers > 0 && head.words == 0
        let body = numeric.dropFirst()
        if first == 1 {
            // A single column must contain only numbers, below a name of one word or none.
            let isNumbers =
                counts.allSatisfy { $0 == 1 } && body.allSatisfy { $0.numbers == 1 || $0.words == 1 }
                && 10 * body.count(where: { $0.numbers == 1 }) >= 7 * body.count
            return isNumbers && (beginsWithNumbers || head.words == 1) && (!body.isEmpty || beginsWithNumbers)
                ? Fit(columns: 1, beginsWithNumbers: beginsWithNumbers) : nil
        }
        guard separator != .blanks || isTable(counts, numeric) else { return nil }
        // Colons occur in text too: only `step: value` in every row is a table. Names among the numbers mean printed
        // text.
        if separator == .byte(UInt8(ascii: ":")) {
            guard first == 2, counts.count > 1, counts.allSatisfy({ $0 == 2 }),
                numeric.allSatisfy({ $0.words == 0 && $0.numbers == 2 })
            else {
                return nil
            }
        }
        guard beginsWithNumbers || head.numbers * 2 < first else { return nil }
        // Bars also surround progress bars, as in `0%|   | 1/3000`.
        if separator == .byte(UInt8(ascii: "|")), names.first?.hasSuffix("%") == true { return nil }
        // The last row may be cut short.
        let whole = counts.dropLast(counts.count > 2 ? 1 : 0)
        let isShort =
            whole.count > 2 && whole.dropFirst().allSatisfy { $0 == first + 1 }
            && TableDetection.mayLackIndex(names, isIndented: text[start].isBlank)
        let length = separator == .blanks || isShort ? counts[min(1, counts.count - 1)] : first
        let isEven = 10 * whole.count(where: { $0 == length }) >= 7 * whole.count || counts.count <= 3
        let isNumeric = 10 * body.count(where: { $0.numbers > 0 && $0.numbers >= $0.words }) >= 8 * body.count
        guard isEven, isNumeric || body.isEmpty, !body.isEmpty || beginsWithNumbers || isHeader(from: start, separator)
        else {
            return nil
        }
        return Fit(columns: first, beginsWithNumbers: beginsWithNumbers, isHeaderShort: isShort)
    }

    /// Whether row numbers may precede the first column without a name in the header, as R writes them. Next to another
    /// counter they may only do so below an indented header, as pandas prints it.
    static func mayLackIndex(_ names: [String], isIndented: Bool) -> Bool {
        !names.isEmpty && (isIndented || !names.contains { ColumnMeaning($0).isCounter })
    }

    /// Blanks also separate words, so nearly all rows must have the same length and contain numbers.
    private func isTable(_ counts: [Int], _ numeric: [(numbers: Int, words: Int)]) -> Bool {
        guard counts.count > 1 else { return false }
        let even = counts.indices.dropFirst().count { index in
            counts[index] == counts[1] && numeric[index].numbers > 0 && numeric[index].words <= 1
        }
        // Row numbers may have no name in the header.
        return 10 * even >= 9 * (counts.count - 1) && (counts[0] == counts[1] || counts[0] + 1 == counts[1])
    }

    /// Whether a single line names columns.
    private func isHeader(from start: Int, _ separator: CellText.Separator) -> Bool {
        let line = String(decoding: text[start..<lineEnd(start)], as: UTF8.self)
        return !line.contains(":") && !line.contains("=") && separator != .blanks
    }

    private func isNumber(_ cell: CellText.Cell) -> Bool {
        guard !cell.isEmpty else { return false }
        let bytes = UnsafeBufferPointer(rebasing: text[cell.range])
        if NumberText.read(cell: bytes) != nil { return true }
        // Decimal commas, `tensor(0.5`, `[0.5]`, `12%`.
        guard let first = bytes.first,
            first.isDigit || first == UInt8(ascii: "-") || first == UInt8(ascii: "t") || first == UInt8(ascii: "[")
        else { return false }
        // `0,0.5,1.2` is several cells.
        let hasCells = bytes.contains(UInt8(ascii: ".")) && bytes.contains(UInt8(ascii: ","))
        return (!hasCells && bytes.allSatisfy { $0.isDigit || ".,eE+-%".utf8.contains($0) })
            || bytes.starts(with: "tensor(".utf8)
            || (first == UInt8(ascii: "[") && bytes.allSatisfy { $0.isDigit || "[]., eE+-".utf8.contains($0) })
    }

    // MARK: - Lines

    private func lineEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count, !text[end].isLineEnd { end += 1 }
        return end
    }

    private func next(_ end: Int) -> Int {
        let isPair = end + 1 < text.count && text[end] == UInt8(ascii: "\r") && text[end + 1] == UInt8(ascii: "\n")
        return end + (isPair ? 2 : 1)
    }

    private func isBlank(_ line: Range<Int>) -> Bool { text[line].allSatisfy(\.isBlank) }

    /// Whether a line is `#> …`, which R prints and which is not a comment.
    private func isPrompt(_ line: Range<Int>) -> Bool {
        line.count > 1 && text[line.lowerBound + 1] == UInt8(ascii: ">")
    }

    private func trimmed(_ comment: Range<Int>) -> Range<Int>? {
        var start = comment.lowerBound
        while start < comment.upperBound, text[start] == UInt8(ascii: "#") || text[start].isBlank { start += 1 }
        return start < comment.upperBound ? start..<comment.upperBound : nil
    }
}
