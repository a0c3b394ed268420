/// Reads several names before as many values: `G/D loss: 0.5/0.7`, `d_loss, g_loss = 0.7, 0.5`, `(D, G) = (0.7, 0.5)`.
extension PrintedText {
    /// The maximum length of the names in bytes, and the maximum number of names.
    private static let longest = 60
    private static let most = 4

    /// Takes the names before the colon or equals sign here and the values after it, if there are as many values as
    /// names and both players are named.
    ///
    /// - Returns: false otherwise.
    mutating func takeNameList() -> Bool {
        guard let start = startOfNames(), let values = valuesAhead(),
            let names = names(from: start, count: values.readings.count)
        else { return false }
        let beginsLine = !line.hasValues
        for (name, reading) in zip(names, values.readings) {
            guard let value = reading.value, let column = table.column(name) else { continue }
            table.record(value, to: column, beginsLine: beginsLine && name == names.first)
        }
        place = values.end
        label = Label()
        line.lastColumn = -1
        line.values += values.readings.count
        return true
    }

    /// Two to four numbers between commas, slashes, blanks or similar separators, with or without brackets.
    private func valuesAhead() -> (readings: [NumberText.Reading], end: Int)? {
        var index = skippingBlanks(place + 1)
        let isBracketed = index < text.count && [UInt8(ascii: "("), UInt8(ascii: "[")].contains(text[index])
        if isBracketed { index = skippingBlanks(index + 1) }
        guard isListAhead(index) else { return nil }
        var readings: [NumberText.Reading] = []
        var end = index
        var separator: UInt8?
        while readings.count <= PrintedText.most, index < text.count, let reading = valueOfList(at: index),
            reading.end >= text.count || !text[reading.end].isLetter
        {
            readings.append(reading)
            end = reading.end
            index = skippingBlanks(end)
            // A list has one kind of separator: after `0.5/0.7 12.3` the third number belongs to something else.
            let next = index < text.count && isSeparator(text[index]) ? text[index] : UInt8(ascii: " ")
            if let separator, next != separator {
                // The comma of `1,234.5/567.8` groups thousands and does not separate values.
                if next != UInt8(ascii: " ") { return nil }
                break
            }
            separator = next
            if next != UInt8(ascii: " ") { index = skippingBlanks(index + 1) }
        }
        guard (2...PrintedText.most).contains(readings.count) else { return nil }
        if isBracketed {
            end = skippingBlanks(end)
            guard end < text.count, text[end] == UInt8(ascii: ")") || text[end] == UInt8(ascii: "]") else { return nil }
            end += 1
        }
        return (readings, end)
    }

    /// Whether a number followed by a separator or by another number begins here. Most names have one value, and this
    /// check avoids building a list for them.
    private func isListAhead(_ start: Int) -> Bool {
        guard let first = valueOfList(at: start) else { return false }
        let next = skippingBlanks(first.end)
        return next < text.count && (isSeparator(text[next]) || next > first.end && valueOfList(at: next) != nil)
    }

    /// A number, or the one in `tensor(0.5, device='cuda:0')`, which then ends with the parenthesis.
    private func valueOfList(at start: Int) -> NumberText.Reading? {
        if let reading = NumberText.read(text, at: start, allowsThousands: false) { return reading }
        var end = start
        while end < text.count, isInWord(end) { end += 1 }
        guard end > start, let inner = wrappedValue(start..<end) else { return nil }
        return NumberText.Reading(value: inner.value, end: endOfCall(after: inner.end), isWhole: inner.isWhole)
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "|")
            || byte == UInt8(ascii: ";")
    }

    private func skippingBlanks(_ start: Int) -> Int {
        var index = start
        while index < text.count, text[index].isBlank { index += 1 }
        return index
    }

    /// The words of a name. Brackets that begin or end the whole list are not part of it; those of `D(x)` are.
    private static func words(_ name: Substring) -> [String] {
        let isBalanced = name.count { $0 == "(" } == name.count { $0 == ")" }
        return name.split { (isBalanced ? " \t[]{}'\"`" : " \t()[]{}'\"`").contains($0) }.map(String.init)
    }

    /// The start of the text of several names before this place; `nil` if nothing separates names there.
    private func startOfNames() -> Int? {
        var start = place
        var hasSeparator = false
        while start > 0, place - start < PrintedText.longest {
            let byte = text[start - 1]
            if byte.isLineEnd || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "|") {
                break
            }
            if byte.isDigit, !isInName(digitBefore: start) { break }
            if isSeparator(byte) { hasSeparator = true }
            start -= 1
        }
        guard hasSeparator else { return nil }
        // Skip the unit of the number before, such as the `s` of `0.2s`.
        while start > 0, start < place, text[start - 1].isDigit || text[start - 1].isLetter, text[start].isLetter {
            start += 1
        }
        return start
    }

    /// The last names before this place, as many as there are values; `nil` if there are fewer, or if they do not
    /// include a generator's and a discriminator's.
    private mutating func names(from start: Int, count: Int) -> [String]? {
        let groups = String(decoding: text[start..<place], as: UTF8.self)
            .split(omittingEmptySubsequences: false) { ",/&;".contains($0) }
            .map(PrintedText.words).suffix(count)
        guard groups.count == count, groups.allSatisfy({ !$0.isEmpty }) else { return nil }
        var names = PrintedText.names(Array(groups))
        if let context = line.context, self.names.namesValidation(text, context) {
            let prefix = self.names.plainName(text, context)
            names = names.map { "\(prefix) \($0)" }
        }
        let parts = names.map(NameParts.init)
        let generators = parts.indices.filter { parts[$0].has(anyOf: Vocabulary.generator) }
        let discriminators = parts.indices.filter { parts[$0].has(anyOf: Vocabulary.discriminator) }
        // The two names must differ, because `D(G(z))` alone names both players.
        let hasBoth = generators.contains { generator in discriminators.contains { $0 != generator } }
        return hasBoth && Set(names).count == count && !PrintedText.isOfCounters(groups[groups.startIndex])
            ? names : nil
    }

    /// Whether a digit belongs to a name, as in `d1`, and not to a number.
    private func isInName(digitBefore end: Int) -> Bool {
        var index = end
        while index > 0, text[index - 1].isDigit { index -= 1 }
        return index > 0 && (text[index - 1].isLetter || text[index - 1] == UInt8(ascii: "_"))
    }

    /// The names that groups of words denote. A word that occurs only once, as in `loss G/D` or `G/D loss`, is part of
    /// both names.
    private static func names(_ groups: [[String]]) -> [String] {
        guard let first = groups.first, let last = groups.last, let player = first.last, namesPlayer(player),
            namesPlayer(last[0]), groups.dropFirst().dropLast().allSatisfy({ $0.count == 1 })
        else { return groups.map { $0.joined(separator: " ") } }
        let inner = groups.dropFirst().dropLast().map { $0[0] }
        return ([player] + inner + [last[0]]).map { name in
            (first.dropLast() + [name] + last.dropFirst()).joined(separator: " ")
        }
    }

    private static func namesPlayer(_ word: String) -> Bool {
        NameParts(word).has(anyOf: Vocabulary.generator.union(Vocabulary.discriminator))
    }

    /// Whether the words before the first player name a counter, as in `steps G, D`.
    private static func isOfCounters(_ group: [String]) -> Bool {
        let before = group.dropLast().joined(separator: " ")
        return !before.isEmpty && ColumnMeaning(before).isCounter
    }
}
