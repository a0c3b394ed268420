/// Several names before as many values: `G/D loss: 0.5/0.7`, `d_loss, g_loss = 0.7, 0.5`, `(D, G) = (0.7, 0.5)`.
extension PrintedText {
    /// The longest text of names that is looked at, in bytes, and the most names.
    private static let longest = 60
    private static let most = 4

    /// Takes the names before the colon or equals sign here and the values after it, if there are as many and a name is a player's.
    ///
    /// - Returns: false if it is not so.
    mutating func takeNameList() -> Bool {
        guard let values = valuesAhead(), let names = namesBehind(count: values.readings.count) else { return false }
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

    /// Two to four numbers that commas, slashes or blanks part, in brackets or not.
    private func valuesAhead() -> (readings: [NumberText.Reading], end: Int)? {
        var index = skippingBlanks(place + 1)
        let isBracketed = index < text.count && [UInt8(ascii: "("), UInt8(ascii: "[")].contains(text[index])
        if isBracketed { index = skippingBlanks(index + 1) }
        var readings: [NumberText.Reading] = []
        var end = index
        var separator: UInt8?
        while readings.count <= PrintedText.most, index < text.count,
            text[index].isDigit || text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "n"),
            let reading = NumberText.read(text, at: index, allowsThousands: false),
            reading.end >= text.count || !text[reading.end].isLetter
        {
            readings.append(reading)
            end = reading.end
            index = skippingBlanks(end)
            // What blanks part is no part of a list with commas.
            let next = index < text.count && isSeparator(text[index]) ? text[index] : UInt8(ascii: " ")
            guard separator == nil || next == separator else { break }
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

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "|")
            || byte == UInt8(ascii: ";")
    }

    private func skippingBlanks(_ start: Int) -> Int {
        var index = start
        while index < text.count, text[index].isBlank { index += 1 }
        return index
    }

    /// The words of a name. Brackets that begin or end the whole list are no part of it; those of `D(x)` are.
    private static func words(_ name: Substring) -> [String] {
        let isBalanced = name.count { $0 == "(" } == name.count { $0 == ")" }
        return name.split { (isBalanced ? " \t[]{}'\"`" : " \t()[]{}'\"`").contains($0) }.map(String.init)
    }

    /// So many names that separators part, the last ones before this place; `nil` if there are not as many, or none is a player's.
    private func namesBehind(count: Int) -> [String]? {
        var start = place
        var hasSeparator = false
        while start > 0, place - start < PrintedText.longest {
            let byte = text[start - 1]
            if byte.isLineEnd || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "|") {
                break
            }
            // A number is no part of the names, but the digit of `d1` is.
            if byte.isDigit, start < 2 || !text[start - 2].isWordByte { break }
            if isSeparator(byte) { hasSeparator = true }
            start -= 1
        }
        guard hasSeparator else { return nil }
        let groups = String(decoding: text[start..<place], as: UTF8.self)
            .split(omittingEmptySubsequences: false) { ",/&;".contains($0) }
            .map(PrintedText.words).suffix(count)
        guard groups.count == count, groups.allSatisfy({ !$0.isEmpty }), var first = groups.first,
            var last = groups.last
        else { return nil }
        // `loss G/D` and `G/D loss`: what is said once holds for each.
        let before = Array(first.dropLast())
        let after = Array(last.dropFirst())
        (first, last) = ([first[first.count - 1]], [last[0]])
        let saysLoss = NameParts(before.joined(separator: " ")).has(anyOf: Vocabulary.loss)
        let shared = !after.isEmpty ? after : saysLoss ? before : []
        let inner = groups.dropFirst().dropLast()
        guard inner.allSatisfy({ $0.count == 1 }) else { return nil }
        let names = ([first] + inner + [last]).map { ($0 + shared.suffix(1)).joined(separator: " ") }
        let parts = names.map(NameParts.init)
        guard Set(names).count == count, parts.contains(where: { $0.has(anyOf: Vocabulary.generator) }),
            parts.contains(where: { $0.has(anyOf: Vocabulary.discriminator) })
        else { return nil }
        return names
    }
}
