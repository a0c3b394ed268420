/// Reads rows of cells between separators. Cells that contain the separator are quoted.
struct CellText {
    /// The separator between the cells of a row.
    enum Separator: Equatable {
        case byte(UInt8)
        /// One or more blanks.
        case blanks
    }

    private let text: UnsafeBufferPointer<UInt8>
    private let separator: Separator
    private var place: Int
    /// The number of the row's first line, starting at 1.
    private(set) var line: Int
    /// The place where the next row begins.
    var offset: Int { place }

    init(_ text: UnsafeBufferPointer<UInt8>, separator: Separator, from place: Int = 0, line: Int = 0) {
        self.text = text
        self.separator = separator
        self.place = place
        self.line = line
    }

    /// Reads the cells of the next row into `cells`, without surrounding blanks. Quotes are removed, except for doubled
    /// ones.
    ///
    /// - Returns: false at the end.
    mutating func next(_ cells: inout [Cell]) -> Bool {
        cells.removeAll(keepingCapacity: true)
        guard place < text.count else { return false }
        line += 1
        if separator == .blanks { skipBlanks() }
        while true {
            let (cell, isLast) = cell()
            cells.append(cell)
            if isLast { break }
        }
        // A row separated by blanks may end with the separator; one between bars begins and ends with it.
        if separator == .blanks, cells.count > 1, cells.last?.isEmpty == true { cells.removeLast() }
        if separator == .byte(UInt8(ascii: "|")), cells.count > 2, cells.first?.isEmpty == true,
            cells.last?.isEmpty == true
        {
            cells.removeFirst()
            cells.removeLast()
        }
        return true
    }

    /// The bytes of a cell in the text.
    struct Cell {
        var range: Range<Int>
        var isQuoted = false
        var isEmpty: Bool { range.isEmpty }

        /// Whether the cell is `-----`, `:---:` or `+---`, as between the header and the rows of a printed table.
        func isRule(in text: UnsafeBufferPointer<UInt8>) -> Bool {
            range.count > 1 && text[range].allSatisfy { "-:=+".utf8.contains($0) }
        }
    }

    private mutating func skipBlanks() {
        while place < text.count, text[place].isBlank { place += 1 }
    }

    private mutating func cell() -> (Cell, isLast: Bool) {
        while place < text.count, text[place] == UInt8(ascii: " ") { place += 1 }
        var isQuoted = false
        var start = place
        var end = place
        if place < text.count, text[place] == UInt8(ascii: "\"") {
            isQuoted = true
            start += 1
            place += 1
            while place < text.count {
                if text[place] == UInt8(ascii: "\n") { line += 1 }
                if text[place] == UInt8(ascii: "\"") {
                    guard place + 1 < text.count, text[place + 1] == UInt8(ascii: "\"") else { break }
                    place += 1
                }
                place += 1
            }
            end = min(place, text.count)
            place = min(place + 1, text.count)
        }
        while place < text.count, !isSeparator(text[place]), !text[place].isLineEnd { place += 1 }
        if !isQuoted {
            end = place
            while end > start, text[end - 1].isBlank { end -= 1 }
            // Remove Markdown's marks for bold text.
            while end - start > 2, text[start] == UInt8(ascii: "*"), text[end - 1] == UInt8(ascii: "*") {
                (start, end) = (start + 1, end - 1)
            }
        }
        let cell = Cell(range: start..<max(start, end), isQuoted: isQuoted)
        guard place < text.count, !text[place].isLineEnd else {
            endLine()
            return (cell, true)
        }
        if separator == .blanks { skipBlanks() } else { place += 1 }
        if separator == .blanks, place >= text.count || text[place].isLineEnd {
            endLine()
            return (cell, true)
        }
        return (cell, false)
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        switch separator {
        case .byte(let separator): byte == separator
        case .blanks: byte.isBlank
        }
    }

    private mutating func endLine() {
        guard place < text.count else { return }
        place +=
            text[place] == UInt8(ascii: "\r") && place + 1 < text.count && text[place + 1] == UInt8(ascii: "\n") ? 2 : 1
    }
}

extension UInt8 {
    var isLineEnd: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }
}
