import Foundation

/// Reads words, and numbers that are written together with words.
extension PrintedText {
    /// Adds the word here to the name of the number that follows.
    mutating func word() {
        let start = place
        while place < text.count, isInWord(place) { place += 1 }
        // Whatever is here, continue with the next byte.
        guard place > start else {
            punctuation()
            return
        }
        // A slash or dash at the end is punctuation; a dot, as in `acc.`, is not.
        while place > start + 1, !text[place - 1].isWordByte, text[place - 1] != UInt8(ascii: ".") { place -= 1 }
        line.lastColumn = -1
        if let value = wrappedValue(start..<place) {
            if !label.isEmpty || line.listColumn >= 0 { take(value) } else { place = value.end }
            place = endOfCall(after: place)
            return
        }
        if label.isEmpty, line.listColumn >= 0, let value = NumberText.read(text, at: start), value.end == place {
            // `nan` or `None` in a list.
            take(value)
            return
        }
        if let value = brokenValue(start..<place) {
            take(value)
            return
        }
        if text[start..<place].starts(with: PrintedText.ordinal), start + 3 < place,
            let reading = NumberText.read(text, at: start + 3), reading.end < place
        {
            // `第3轮`, the third epoch.
            let end = place
            label = Label(start: reading.end, end: end)
            take(reading)
            place = end
            return
        }
        // `Epoch0001/0005`
        var end = start
        while end < place, text[end] != UInt8(ascii: "/") { end += 1 }
        if let split = gluedCounter(start..<end) {
            label = Label(start: start, end: split)
            place = split
            while place < text.count, !text[place].isDigit { place += 1 }
            if let reading = NumberText.read(text, at: place) { take(reading) }
            return
        }
        if label.isClosed {
            if let reading = NumberText.read(text, at: start), reading.end >= place {
                take(reading)
                return
            }
            if isWordValue(start..<place) {
                label = Label()
                return
            }
            discardLabel()
        }
        if !label.isEmpty, !label.isClosed, isEpochBeforeNumber(start..<place),
            !names.isCounter(text, label.start..<place), !isOfEpoch(label.start..<label.end)
        {
            discardLabel()
        }
        let isApart = hasWideGap(before: start) && !(namesPlayerOnly(label) && isLoss(start..<place))
        if label.isEmpty || label.isSpent || isApart {
            label = Label(start: start, end: place)
        } else {
            label.end = place
        }
    }

    /// Whether the words are only a player's name, as before a wide gap in `Discriminator  Loss: 0.5`.
    private func namesPlayerOnly(_ label: Label) -> Bool {
        guard !label.isEmpty, !label.isClosed, label.end - label.start > 2 else { return false }
        let words = NameParts(names.plainName(text, label.start..<label.end)).words
        return words.count == 1 && Vocabulary.generator.union(Vocabulary.discriminator).contains(words[0])
    }

    private func isLoss(_ word: Range<Int>) -> Bool {
        word.count <= 6 && Vocabulary.loss.contains(String(decoding: text[word], as: UTF8.self).lowercased())
    }

    /// The value in `tensor(0.5, device='cuda:0')`, `array([0.5])` and the like.
    func wrappedValue(_ word: Range<Int>) -> NumberText.Reading? {
        guard word.upperBound < text.count, text[word.upperBound] == UInt8(ascii: "("), word.count <= 13 else {
            return nil
        }
        var index = word.upperBound + 1
        while index < text.count, text[index] == UInt8(ascii: "[") || text[index].isBlank { index += 1 }
        guard let reading = NumberText.read(text, at: index),
            NumberText.wrappers.contains(String(decoding: text[word], as: UTF8.self))
        else { return nil }
        return reading
    }

    /// The `nan` or `inf` in `g_loss nan`, after words that name a column or a loss and without a colon between.
    private mutating func brokenValue(_ word: Range<Int>) -> NumberText.Reading? {
        guard !label.isEmpty, !label.isClosed, (3...8).contains(word.count),
            let reading = NumberText.read(text, at: word.lowerBound), reading.end == word.upperBound,
            reading.value?.isFinite == false
        else { return nil }
        let name = label.start..<label.end
        let isKnown = names.expected(text, name, context: line.context, group: line.groupColumn) != nil
        return isKnown || ColumnMeaning(names.plainName(text, name)).isLoss ? reading : nil
    }

    /// Whether the bracket that begins here contains `nan`, `np.float64(0.5)` or the like.
    func isBeforeWrappedNumber() -> Bool {
        guard text[place] == UInt8(ascii: "["), place + 1 < text.count, text[place + 1].isLetter else { return false }
        if NumberText.read(text, at: place + 1) != nil { return true }
        var end = place + 1
        while end < text.count, isInWord(end) { end += 1 }
        return wrappedValue(place + 1..<end) != nil
    }

    /// The end of the call whose argument ends here: after its closing parenthesis, or at the end of the line.
    func endOfCall(after start: Int) -> Int {
        let limit = min(text.count, start + 400)
        var (index, depth) = (start, 1)
        while index < limit, !text[index].isLineEnd {
            if text[index] == UInt8(ascii: "(") { depth += 1 }
            if text[index] == UInt8(ascii: ")") { depth -= 1 }
            index += 1
            if depth == 0 { break }
        }
        return index
    }

    /// Whether a word is the counter in `Saved Epoch 3/100` or `Adversarial Epoch [3/100]`, whatever precedes it.
    private func isEpochBeforeNumber(_ word: Range<Int>) -> Bool {
        guard word.count == 5, text[word.lowerBound] | 0x20 == UInt8(ascii: "e"),
            String(decoding: text[word], as: UTF8.self).lowercased() == "epoch"
        else { return false }
        var index = word.upperBound
        while index < text.count, text[index].isBlank || " :=[(#".utf8.contains(text[index]) { index += 1 }
        return index < text.count && text[index].isDigit
    }

    /// Whether words name a value to which the epoch belongs, as in `G loss at epoch 3: 0.5`.
    private func isOfEpoch(_ words: Range<Int>) -> Bool {
        let text = String(decoding: text[words], as: UTF8.self).lowercased()
        if [" at", " after", " for", " of", " in", " per"].contains(where: text.hasSuffix) { return true }
        if case .score = ColumnMeaning(text).kind { return true }
        return NameParts(text).has(anyOf: Vocabulary.loss)
    }

    /// The Chinese prefix of an ordinal number.
    private static let ordinal = Array("第".utf8)

    private static let counterWords: Set<String> = ["epoch", "ep", "step", "iter", "iteration", "epochs", "batch"]

    /// Whether a word names a counter that is written next to its number, as in `epoch12` and `12 epoch,`.
    static func isCounterWord(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        (2...9).contains(word.count) && counterWords.contains(String(decoding: word, as: UTF8.self).lowercased())
    }

    /// The end of the counter's name in `epoch_12`, `Epoch-12` or `step12`.
    private func gluedCounter(_ word: Range<Int>) -> Int? {
        var digits = word.upperBound
        while digits > word.lowerBound, text[digits - 1].isDigit { digits -= 1 }
        guard digits < word.upperBound, word.upperBound - digits <= 12 else { return nil }
        var head = digits
        while head > word.lowerBound, text[head - 1] == UInt8(ascii: "_") || text[head - 1] == UInt8(ascii: "-") {
            head -= 1
        }
        return PrintedText.isCounterWord(text[word.lowerBound..<head]) ? head : nil
    }

    func isInWord(_ index: Int) -> Bool {
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

    /// Whether two blanks or a tab separate a label from the text before it.
    private func hasWideGap(before start: Int) -> Bool {
        start >= 2 && (text[start - 1] == UInt8(ascii: "\t") || (text[start - 1].isBlank && text[start - 2].isBlank))
    }

    private static let wordValues: Set<String> = ["no", "yes", "true", "false", "on", "off", "ok", "n", "y"]

    /// Whether a word replaces a number, as in `ada_p: No`.
    private func isWordValue(_ range: Range<Int>) -> Bool {
        range.count <= 5 && PrintedText.wordValues.contains(String(decoding: text[range], as: UTF8.self).lowercased())
    }
}
