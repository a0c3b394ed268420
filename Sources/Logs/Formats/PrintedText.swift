import Foundation

/// Losses as a program prints them: `name: value` and the like, anywhere in lines of any shape, between other text.
///
/// A number belongs to the words before it, up to the punctuation before those. Numbers of the same names again begin another record, so
/// that a record may be a part of a line, a line, or several. Progress bars, colors, times and dates are skipped; `[3/100]` is a
/// counter, and `a / b` of other numbers are two values.
struct PrintedText {
    private(set) var table = LogTable()
    private let text: UnsafeBufferPointer<UInt8>
    private var place = 0
    private var label = Label()
    /// What a bracket or parenthesis interrupted.
    private var interrupted: [Label] = []
    private var line = LineState()
    private var names = NameCache()

    /// The words that the next number belongs to.
    private struct Label {
        var start = -1
        var end = -1
        /// Whether `:` or `=` follows the words.
        var isClosed = false

        var isEmpty: Bool { start < 0 }
    }

    private struct LineState {
        /// How many counters without a name it had.
        var counters = 0
        /// A player's name that stands before other names, as in `[D] loss: 0.3 acc: 0.5`.
        var context: Range<Int>?
        /// The column of the last number, while nothing but blanks came after it.
        var lastColumn = -1
        /// The column whose value a parenthesis follows.
        var groupColumn = -1
        var hasValues = false
        /// The column whose values a bracket lists, and how many it has listed.
        var listColumn = -1
        var listed = 0
    }

    static func read(_ text: UnsafeBufferPointer<UInt8>) -> LogTable {
        var reader = PrintedText(text)
        reader.readAll()
        return reader.table
    }

    private init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    private mutating func readAll() {
        while place < text.count {
            let byte = text[place]
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): endLine()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
                place += 1
            case 0x1B: skipEscape()
            case UInt8(ascii: ":"), UInt8(ascii: "="): close()
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open(byte)
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): restore(byte)
            case _
            where byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "."):
                if !number() { punctuation() }
            case _ where byte.isLetter || byte == UInt8(ascii: "_"): word()
            case 0x80...: wideCharacter()
            default: punctuation()
            }
        }
    }

    // MARK: - Structure

    private mutating func endLine() {
        place += 1
        label = Label()
        interrupted.removeAll(keepingCapacity: true)
        line = LineState()
    }

    private mutating func punctuation() {
        discardLabel()
        line.lastColumn = -1
        place += 1
    }

    /// Words that no number follows: they may say whose numbers come next.
    private mutating func discardLabel() {
        if !label.isEmpty, names.namesAPlayer(text, label.start..<label.end) { line.context = label.start..<label.end }
        label = Label()
    }

    private mutating func close() {
        if label.isClosed { discardLabel() }
        label.isClosed = !label.isEmpty
        line.lastColumn = -1
        place += 1
    }

    private mutating func open(_ byte: UInt8) {
        if byte == UInt8(ascii: "("), place > 0, text[place - 1].isWordByte || text[place - 1] == UInt8(ascii: ")"),
            !label.isEmpty, !label.isClosed, let end = shortCall()
        {
            // `D(x)` and `D(G(z))` are names.
            (label.end, place) = (end, end)
            return
        }
        let isBeforeNumber = nextByte(after: place).map { $0.isDigit || $0 == UInt8(ascii: "-") } ?? false
        // `Epoch [3/100]`, `loss: [0.5]`, `loss: tensor(0.5)`: the number belongs to the words before.
        guard !isBeforeNumber || label.isEmpty || (byte == UInt8(ascii: "(") && !label.isClosed) else {
            if byte == UInt8(ascii: "["), !label.isEmpty { line.listed = 1 }
            place += 1
            return
        }
        if interrupted.count < 16 { interrupted.append(label) }
        if byte == UInt8(ascii: "(") { line.groupColumn = line.lastColumn }
        line.lastColumn = -1
        if label.isClosed { discardLabel() } else { label = Label() }
        place += 1
    }

    private mutating func restore(_ byte: UInt8) {
        if byte == UInt8(ascii: "]") {
            line.context = nil
            (line.listColumn, line.listed) = (-1, 0)
            discardLabel()
        }
        label = interrupted.popLast() ?? Label()
        label.isClosed = false
        line.groupColumn = -1
        line.lastColumn = -1
        place += 1
    }

    /// The end of a short parenthesis that belongs to a name.
    private func shortCall() -> Int? {
        var depth = 0
        for index in place..<min(text.count, place + 16) {
            switch text[index] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return index + 1 }
            case let byte where byte.isWordByte && !(index == place + 1 && byte.isDigit): continue
            default: return nil
            }
        }
        return nil
    }

    private func nextByte(after start: Int) -> UInt8? {
        var index = start + 1
        while index < text.count, text[index].isBlank { index += 1 }
        return index < text.count ? text[index] : nil
    }

    /// `ESC [ … letter`, a terminal's color or motion.
    private mutating func skipEscape() {
        place += 1
        guard place < text.count, text[place] == UInt8(ascii: "[") else { return }
        place += 1
        while place < text.count, !text[place].isLetter, text[place] != UInt8(ascii: "\n") { place += 1 }
        if place < text.count, text[place].isLetter { place += 1 }
    }

    /// Letters of other scripts are parts of words; blocks and lines of progress bars, arrows and dashes are punctuation.
    private mutating func wideCharacter() {
        if text[place] == 0xEF, place + 2 < text.count, text[place + 1] == 0xBC {
            // The full-width colon and comma of East Asian text.
            if text[place + 2] == 0x9A {
                place += 2
                close()
            } else {
                place += 2
                punctuation()
            }
            return
        }
        guard text[place] == 0xE2 else {
            word()
            return
        }
        if !number() {
            punctuation()
            while place < text.count, text[place] & 0xC0 == 0x80 { place += 1 }
        }
    }

    // MARK: - Words

    private mutating func word() {
        let start = place
        while place < text.count, isInWord(place) { place += 1 }
        // A dot or dash at the end is punctuation.
        while place > start + 1, !text[place - 1].isWordByte, text[place - 1] != UInt8(ascii: ".") { place -= 1 }
        line.lastColumn = -1
        if label.isClosed {
            if let reading = NumberText.read(text, at: start), reading.end >= place {
                take(reading)
                return
            }
            if isWordValue(start..<place) {
                label = Label()
                return
            }
            if place < text.count, text[place] == UInt8(ascii: "("),
                nextByte(after: place)?.isDigit == true
                    || nextByte(after: place) == UInt8(ascii: "-") || nextByte(after: place) == UInt8(ascii: "[")
            {
                // `tensor(0.5`, `array([0.5`, `np.float32(0.5`: the words around a value.
                return
            }
            discardLabel()
        }
        if label.isEmpty || hasWideGap(before: start) {
            label = Label(start: start, end: place)
        } else {
            label.end = place
        }
    }

    private func isInWord(_ index: Int) -> Bool {
        let byte = text[index]
        if byte.isWordByte {
            return byte != 0xE2 && !(byte == 0xEF && index + 1 < text.count && text[index + 1] == 0xBC)
        }
        // Punctuation within a name, as in `D_real+fake`, `Loss/G`, `acc.`, `top-1`.
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "&"), UInt8(ascii: "@"),
            UInt8(ascii: "."):
            return byte == UInt8(ascii: ".")
                || index + 1 < text.count && (text[index + 1].isWordByte) && text[index + 1] < 0x80
        default: return false
        }
    }

    /// Two blanks or a tab part a label from what stands before it.
    private func hasWideGap(before start: Int) -> Bool {
        start >= 2 && (text[start - 1] == UInt8(ascii: "\t") || (text[start - 1].isBlank && text[start - 2].isBlank))
    }

    private static let wordValues: Set<String> = ["no", "yes", "true", "false", "on", "off", "ok", "n", "y"]

    /// Whether a word is what a name has in place of a number, as in `ada_p: No`.
    private func isWordValue(_ range: Range<Int>) -> Bool {
        range.count <= 5 && PrintedText.wordValues.contains(String(decoding: text[range], as: UTF8.self).lowercased())
    }

    // MARK: - Numbers

    /// Reads a number here, or what looks like one and is a time or a date.
    ///
    /// - Returns: false if there is none.
    private mutating func number() -> Bool {
        let isGlued =
            place > 0 && (text[place - 1].isWordByte && text[place - 1] < 0x80 || text[place - 1] == UInt8(ascii: "."))
        guard !isGlued, let reading = NumberText.read(text, at: place, allowsThousands: label.isClosed) else {
            return false
        }
        if skipsTime(reading.end) { return true }
        if reading.end < text.count, text[reading.end].isLetter || text[reading.end] == UInt8(ascii: "_") {
            // A unit, such as `32.0s` and `4.25s/it`, or a word that begins with a digit.
            place = reading.end
            while place < text.count, isInWord(place) { place += 1 }
            label = Label()
            line.lastColumn = -1
            return true
        }
        take(reading)
        return true
    }

    /// Skips `0:10:10`, `2021-01-15`, `12/05/2021` and `14:59:09,123`.
    private mutating func skipsTime(_ end: Int) -> Bool {
        func joins(_ index: Int) -> Bool {
            guard index + 1 < text.count, text[index + 1].isDigit else { return false }
            return text[index] == UInt8(ascii: ":")
                || (text[index] == UInt8(ascii: "-") && index > 0 && text[index - 1].isDigit)
        }
        func skipDigits(_ start: Int) -> Int {
            var index = start
            while index < text.count, text[index].isDigit { index += 1 }
            return index
        }
        var index = end
        if index + 1 < text.count, text[index] == UInt8(ascii: "/") {
            // Two slashes between numbers make a date.
            let second = skipDigits(index + 1)
            guard second > index + 1, second + 1 < text.count, text[second] == UInt8(ascii: "/"),
                text[second + 1].isDigit
            else { return false }
            index = skipDigits(second + 1)
        } else {
            guard joins(index), !isPoint(end) else { return false }
            while joins(index) { index = skipDigits(index + 1) }
        }
        // Parts of a second, and the `T` or `Z` of a timestamp with what follows it.
        while index < text.count,
            text[index].isDigit || text[index] == UInt8(ascii: ".")
                || (text[index] == UInt8(ascii: ",") && index + 1 < text.count && text[index + 1].isDigit)
                || text[index] == UInt8(ascii: ":") && index + 1 < text.count && text[index + 1].isDigit
                || text[index] == UInt8(ascii: "T") || text[index] == UInt8(ascii: "Z")
        { index += 1 }
        place = index
        label = Label()
        line.lastColumn = -1
        return true
    }

    /// Whether the number that ends here has a point: then a colon after it is punctuation.
    private func isPoint(_ end: Int) -> Bool {
        var index = end - 1
        while index >= place {
            if text[index] == UInt8(ascii: ".") { return true }
            index -= 1
        }
        return false
    }

    /// Takes a number, and the others that slashes join to it.
    private mutating func take(_ reading: NumberText.Reading) {
        place = reading.end
        var others: [NumberText.Reading] = []
        while others.count < 8, let next = joined() {
            others.append(next)
            place = next.end
        }
        let isPercentage = place < text.count && text[place] == UInt8(ascii: "%")
        if isPercentage { place += 1 }
        let isCounter = others.count == 1 && reading.isWhole && others[0].isWhole
        guard let column = column(isCounter: isCounter, reading, isPercentage: isPercentage) else {
            label = Label()
            return
        }
        let beginsLine = !line.hasValues && interrupted.allSatisfy(\.isEmpty)
        if let value = reading.value { table.record(value, to: column, beginsLine: beginsLine) }
        if isPercentage { table.columns[column].isPercentage = true }
        if isCounter {
            table.columns[column].total = others[0].value
        } else {
            for (index, other) in others.enumerated() {
                guard let value = other.value,
                    let place = table.column(table.columns[column].name, ordinal: index + 2)
                else { continue }
                table.record(value, to: place, beginsLine: false)
            }
        }
        line.lastColumn = column
        line.hasValues = true
        if line.listed == 1, !label.isEmpty { line.listColumn = column }
        // `[D loss: 0.3, acc.: 50%]`: what else is in the brackets is the same player's.
        if !interrupted.isEmpty, !label.isEmpty, table.columns[column].meaning.player != nil {
            line.context = label.start..<label.end
        }
        label = Label()
    }

    /// The number after a slash.
    private func joined() -> NumberText.Reading? {
        var index = place
        while index < text.count, text[index].isBlank { index += 1 }
        guard index < text.count, text[index] == UInt8(ascii: "/") else { return nil }
        index += 1
        while index < text.count, text[index].isBlank { index += 1 }
        guard index < text.count, text[index].isDigit || text[index] == UInt8(ascii: "-"),
            let reading = NumberText.read(text, at: index)
        else { return nil }
        guard reading.end >= text.count || !text[reading.end].isLetter else { return nil }
        return reading
    }

    /// The column of the number that was just read; `nil` for one that has no name and is no counter.
    private mutating func column(isCounter: Bool, _ reading: NumberText.Reading, isPercentage: Bool) -> Int? {
        if label.isEmpty, line.listColumn >= 0 {
            // `dA[0.31, 0.28]`: several values of one name.
            line.listed += 1
            return table.column(table.columns[line.listColumn].name, ordinal: line.listed)
        }
        guard !label.isEmpty else {
            // `[3/100][10/938]`, or a whole number that begins a line.
            let begins = !line.hasValues && reading.isWhole && !isPercentage && (reading.value ?? -1) >= 0
            guard isCounter || begins else { return nil }
            line.counters += 1
            return table.column("\(LogTable.unnamedCounter)\(line.counters)")
        }
        let range = label.start..<label.end
        if let column = names.expected(text, range, context: line.context, group: line.groupColumn) { return column }
        var name = names.plainName(text, range)
        if line.groupColumn >= 0, !names.namesAPlayer(text, range), table.columns[line.groupColumn].meaning.isLoss {
            name = "\(table.columns[line.groupColumn].name) \(name)"
        } else if let context = line.context, !ColumnMeaning(name).isCounter, !names.namesAPlayer(text, range) {
            name = "\(names.plainName(text, context)) \(name)"
        }
        let column = table.column(name)
        names.learn(text, range, context: line.context, group: line.groupColumn, column)
        return column
    }
}
