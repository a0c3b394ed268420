import Foundation

/// Reads losses as programs print them: `name: value` and the like, anywhere in lines of any shape, between other text.
///
/// A number belongs to the words before it, back to the punctuation before those. A repeated name begins another
/// record, so a record may be a part of a line, a line, or several lines. Progress bars, colors, times and dates are
/// skipped; `[3/100]` is a counter, and `a / b` of other numbers are two values.
struct PrintedText {
    var table = LogTable()
    /// The part of the text that is being read; ranges refer to it.
    private(set) var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var place = 0
    var label = Label()
    /// The labels that brackets and parentheses interrupted.
    var interrupted: [Label] = []
    var line = LineState()
    /// A heading: a player's name, or a word for validation, on a line of its own. Its numbers are on the lines below
    /// that are indented by more than `indentation` blanks.
    private var heading: (name: Range<Int>, indentation: Int)?
    /// The heading's name, between two parts of a text that is still being written.
    private var headingName: [UInt8] = []
    private var hasTrainingBanner = false
    var names = NameCache()
    /// The values of the newest list of each column, `D_losses = [0.7, 0.6, …]`.
    var lists: [Int: [Double]] = [:]

    /// The words to which the next number belongs.
    struct Label {
        var start = -1
        var end = -1
        /// Whether `:` or `=` follows the words.
        var isClosed = false
        /// The number of values on the line when a bracket interrupted the words.
        var values = 0
        /// Whether the brackets after the words contained numbers, so that the next word is not part of the label.
        var isSpent = false

        var isEmpty: Bool { start < 0 }
    }

    struct LineState {
        /// The number of unnamed counters on the line.
        var counters = 0
        /// A player's name that precedes other names, as in `[D] loss: 0.3 acc: 0.5`.
        var context: Range<Int>?
        /// The column of the last number, as long as only blanks follow it.
        var lastColumn = -1
        /// The column whose value precedes the current parenthesis.
        var groupColumn = -1
        /// The number of values on the line.
        var values = 0
        var hasValues: Bool { values > 0 }
        /// The column whose values a bracket lists, and the number of values listed so far.
        var listColumn = -1
        var listed = 0
    }

    /// Reads a text from its beginning.
    mutating func read(_ text: UnsafeBufferPointer<UInt8>) { read(text, from: 0) }

    /// The table of everything read so far.
    func result() -> LogTable {
        if let table = tableOfLists() { return table }
        var table = table
        table.nameListedLosses()
        return table
    }

    /// Reads the next part of a text that is still being written.
    ///
    /// - Parameter part: whole lines, including the end of the last one.
    mutating func read(next part: ArraySlice<UInt8>) {
        guard !part.isEmpty else { return }
        // The name of the current heading precedes the part, since it is kept as a range.
        let bytes = headingName + [UInt8(ascii: "\n")] + part
        heading?.name = headingName.indices
        bytes.withUnsafeBufferPointer { read($0, from: headingName.count + 1) }
    }

    private mutating func read(_ text: UnsafeBufferPointer<UInt8>, from start: Int) {
        (self.text, place) = (text, start)
        defer {
            headingName = heading.map { Array(text[$0.name]) } ?? []
            self.text = UnsafeBufferPointer(start: nil, count: 0)
        }
        beginLine()
        while place < text.count {
            let byte = text[place]
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): endLine()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
                place += 1
            case 0x1B: skipEscape()
            case UInt8(ascii: "-") where isArrow(), UInt8(ascii: "=") where isArrow():
                close()
                place += 1
            case UInt8(ascii: ":"), UInt8(ascii: "="): if !takeNameList() { close() }
            case UInt8(ascii: "|") where isBeforeLastCell(): close()
            case UInt8(ascii: ",") where takeCells() || takeLossesOfGames(): continue
            case UInt8(ascii: ",") where endsQuotedName():
                label.isClosed = true
                place += 1
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open(byte)
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): restore(byte)
            case UInt8(ascii: "-") where isDashBeforeValue(): close()
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
        beginSection()
        place += 1
        label = Label()
        interrupted.removeAll(keepingCapacity: true)
        if place < text.count { beginLine() }
    }

    private mutating func beginLine() {
        let list = (line.listColumn, line.listed)
        line = LineState()
        line.context = headingOfLine()
        // A long list may be printed over several lines.
        if list.0 >= 0, let next = nextByte(after: place - 1), next.isDigit || next == UInt8(ascii: "-") {
            (line.listColumn, line.listed) = list
        }
    }

    /// Begins the section of a heading.
    private mutating func beginSection() {
        guard !line.hasValues, label.isClosed, case let name = label.start..<label.end, names.qualifies(text, name),
            !text[name].contains(where: \.isBlank)
        else { return }
        // Everything below a heading for validation is validation data, whoever the player is.
        if let heading, line.context == heading.name, names.namesValidation(text, heading.name) { return }
        var start = label.start
        while start > 0, text[start - 1].isBlank { start -= 1 }
        if start == 0 || text[start - 1].isLineEnd { heading = (name, label.start - start) }
    }

    /// The indentation of a banner: it applies up to the next banner, however the lines below it are indented.
    private static let holdsForAll = -1
    /// The words of a validation banner, besides those for the validation itself.
    private static let bannerWords = Vocabulary.loss.union(["results", "metrics"])

    /// Begins the section of the banner `==== Validation Loss (Wed May 22) ====`, or ends the section of one, in a log
    /// that begins with `==== Training Loss … ====`.
    private mutating func readBanner() {
        guard place + 3 < text.count, text[place..<place + 4].allSatisfy({ $0 == UInt8(ascii: "=") }) else { return }
        var end = place
        while end < text.count, end < place + 160, !text[end].isLineEnd { end += 1 }
        guard text[place..<end].suffix(4).allSatisfy({ $0 == UInt8(ascii: "=") }) else { return }
        var words: [Range<Int>] = []
        var index = place
        while index < end, text[index] != UInt8(ascii: "(") {
            var wordEnd = index
            while wordEnd < end, text[wordEnd].isLetter { wordEnd += 1 }
            if wordEnd > index { words.append(index..<wordEnd) }
            index = max(wordEnd, index + 1)
        }
        guard !words.isEmpty else { return }
        let names = words.map { String(decoding: text[$0], as: UTF8.self).lowercased() }
        if names.contains(where: Vocabulary.training.contains) { hasTrainingBanner = true }
        let isValidation = names.allSatisfy {
            Vocabulary.validation.contains($0) || PrintedText.bannerWords.contains($0)
        }
        if hasTrainingBanner, isValidation,
            let word = zip(words, names).first(where: { Vocabulary.validation.contains($1) })?.0
        {
            heading = (word, PrintedText.holdsForAll)
        } else if heading?.indentation == PrintedText.holdsForAll {
            heading = nil
        }
    }

    /// The heading that applies to the line that begins here.
    private mutating func headingOfLine() -> Range<Int>? {
        readBanner()
        guard let heading else { return nil }
        var index = place
        while index < text.count, text[index].isBlank { index += 1 }
        if index < text.count, !text[index].isLineEnd, index - place <= heading.indentation { self.heading = nil }
        return self.heading?.name
    }

    mutating func punctuation() {
        discardLabel()
        line.lastColumn = -1
        place += 1
    }

    /// Discards words that no number follows. They may name the player to which the next numbers belong.
    mutating func discardLabel() {
        if !label.isEmpty, names.qualifies(text, label.start..<label.end) { line.context = label.start..<label.end }
        label = Label()
    }

    private mutating func close() {
        if label.isClosed { discardLabel() }
        label.isClosed = !label.isEmpty
        line.lastColumn = -1
        place += 1
    }

    /// Whether this dash is between a name and its value, as in `gen_gan - 0.62632;`.
    private func isDashBeforeValue() -> Bool {
        guard !label.isEmpty, !label.isClosed, place > 0, text[place - 1] == UInt8(ascii: " "), place + 2 < text.count,
            text[place + 1] == UInt8(ascii: " "), let reading = NumberText.read(text, at: place + 2)
        else { return false }
        var index = reading.end
        while index < text.count, text[index].isBlank { index += 1 }
        guard index < text.count, !text[index].isLineEnd else { return true }
        return ";,".utf8.contains(text[index]) || (!reading.isWhole && text[index] == UInt8(ascii: "-"))
    }

    /// Whether this comma is between a quoted name and its value, as in `('loss_D:', 0.5)`.
    private func endsQuotedName() -> Bool {
        guard !label.isEmpty, place > 0, "'\"".utf8.contains(text[place - 1]) else { return false }
        var start = place + 1
        while start < text.count, text[start].isBlank { start += 1 }
        if NumberText.read(text, at: start, allowsThousands: false) != nil { return true }
        var end = start
        while end < text.count, isInWord(end) { end += 1 }
        return end > start && wrappedValue(start..<end) != nil
    }

    /// Whether `->` or `=>` begins here, as in `G -> 0.62`.
    private func isArrow() -> Bool { place + 1 < text.count && text[place + 1] == UInt8(ascii: ">") }

    /// Whether a line of a box, `| name | value |`, has only its number after this bar.
    private func isBeforeLastCell() -> Bool {
        guard !label.isEmpty, !label.isClosed, !line.hasValues else { return false }
        var index = place + 1
        while index < text.count, text[index].isBlank { index += 1 }
        guard let reading = NumberText.read(text, at: index, allowsThousands: false) else { return false }
        index = reading.end
        while index < text.count, text[index].isBlank { index += 1 }
        guard index < text.count, text[index] == UInt8(ascii: "|") else { return false }
        index += 1
        while index < text.count, text[index].isBlank { index += 1 }
        return index >= text.count || text[index].isLineEnd
    }

    private mutating func open(_ byte: UInt8) {
        if byte == UInt8(ascii: "("), place > 0, text[place - 1].isWordByte || text[place - 1] == UInt8(ascii: ")"),
            !label.isEmpty, !label.isClosed, let end = shortCall()
        {
            // `D(x)` and `D(G(z))` are names.
            (label.end, place) = (end, end)
            return
        }
        if byte == UInt8(ascii: "("), let end = shape() {
            label = Label()
            place = end
            return
        }
        let isBeforeNumber =
            nextByte(after: place).map { $0.isDigit || $0 == UInt8(ascii: "-") } ?? false || isBeforeWrappedNumber()
        // In `Epoch [3/100]`, `loss: [0.5]` and `loss (0.5)`, the number belongs to the words before it; in `FID (10000
        // images): 42`, it does not.
        if isBeforeNumber, !label.isEmpty,
            label.isClosed || byte == UInt8(ascii: "[")
                || (place > 0 && text[place - 1].isBlank && !isFollowedByValue())
        {
            if byte == UInt8(ascii: "[") {
                line.listed = 1
                // Otherwise `nan` would become another word of the name.
                label.isClosed = true
            }
            if interrupted.count < 16 { interrupted.append(Label()) }
            place += 1
            return
        }
        label.values = line.values
        if interrupted.count < 16 { interrupted.append(label) }
        if byte == UInt8(ascii: "(") { line.groupColumn = line.lastColumn }
        line.lastColumn = -1
        if label.isClosed { discardLabel() } else { label = Label() }
        place += 1
    }

    private mutating func restore(_ byte: UInt8) {
        if byte == UInt8(ascii: "]") {
            if line.hasValues { line.context = nil }
            (line.listColumn, line.listed) = (-1, 0)
            discardLabel()
        }
        label = interrupted.popLast() ?? Label()
        label.isClosed = false
        label.isSpent = !label.isEmpty && line.values > label.values
        line.groupColumn = -1
        line.lastColumn = -1
        place += 1
    }

    /// Whether the parenthesis that begins here ends with `):`, so that it only explains the name before it.
    private func isFollowedByValue() -> Bool {
        var index = place
        while index < text.count, index < place + 80, text[index] != UInt8(ascii: ")"), !text[index].isLineEnd {
            index += 1
        }
        guard index < text.count, text[index] == UInt8(ascii: ")"), let next = nextByte(after: index) else {
            return false
        }
        return next == UInt8(ascii: ":") || next == UInt8(ascii: "=")
    }

    /// The end of a tensor's shape, `(64, 1, 28, 28)`, which has at least three whole numbers.
    private func shape() -> Int? {
        var commas = 0
        for index in place + 1..<min(text.count, place + 48) {
            switch text[index] {
            case UInt8(ascii: ","): commas += 1
            case UInt8(ascii: ")"): return commas >= 2 ? index + 1 : nil
            case let byte where byte.isDigit || byte == UInt8(ascii: " "): continue
            default: return nil
            }
        }
        return nil
    }

    /// The end of a short parenthesis that belongs to a name. One with several arguments does so only if a value
    /// follows, as in `loss(D(x, G(z))): 0.6`.
    private func shortCall() -> Int? {
        var depth = 0
        var hasSeveral = false
        for index in place..<min(text.count, place + 24) {
            switch text[index] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                guard depth == 0 else { continue }
                let isValued =
                    nextByte(after: index).map { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") } ?? false
                return isValued || !hasSeveral && index < place + 16 ? index + 1 : nil
            case UInt8(ascii: ","), UInt8(ascii: " "): hasSeveral = true
            case let byte where byte.isWordByte && !(index == place + 1 && byte.isDigit): continue
            default: return nil
            }
        }
        return nil
    }

    func nextByte(after start: Int) -> UInt8? {
        var index = start + 1
        while index < text.count, text[index].isBlank { index += 1 }
        return index < text.count ? text[index] : nil
    }

    /// Skips `ESC [ … letter`, a terminal's color or cursor motion.
    private mutating func skipEscape() {
        place += 1
        guard place < text.count, text[place] == UInt8(ascii: "[") else { return }
        place += 1
        while place < text.count, !text[place].isLetter, text[place] != UInt8(ascii: "\n") { place += 1 }
        if place < text.count, text[place].isLetter { place += 1 }
    }

    /// Handles a character outside ASCII. Letters of other scripts are parts of words; the blocks and lines of progress
    /// bars, arrows and dashes are punctuation.
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
        if place + 2 < text.count, text[place + 2] == 0x92, text[place + 1] == 0x86 || text[place + 1] == 0x87 {
            // `→` and `⇒`
            place += 2
            close()
            return
        }
        if !number() {
            punctuation()
            while place < text.count, text[place] & 0xC0 == 0x80 { place += 1 }
        }
    }
}
