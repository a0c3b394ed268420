/// Lines of cells in which each number follows its name: `epoch,3,g_loss,0.7`.
extension PrintedText {
    /// The maximum number of pairs, and the maximum length of a name in bytes.
    private static let mostPairs = 64
    private static let longestName = 60

    /// Takes the whole line if the comma here ends its first cell, the line consists of names and their numbers, and
    /// one of the names is a counter's or a player's.
    ///
    /// - Returns: false otherwise.
    mutating func takeCells() -> Bool {
        guard !line.hasValues, !label.isEmpty, !label.isClosed, let cells = pairsOfLine() else { return false }
        let names = cells.pairs.map { String(decoding: text[$0.name], as: UTF8.self) }
        let meanings = names.map { ColumnMeaning($0) }
        guard Set(names).count == names.count, meanings.contains(where: { $0.isCounter || $0.player != nil }) else {
            return false
        }
        for (position, (name, pair)) in zip(names, cells.pairs).enumerated() {
            guard let value = pair.value.value, let column = table.column(name) else { continue }
            table.record(value, to: column, beginsLine: position == 0)
        }
        place = cells.end
        label = Label()
        line.values += names.count
        return true
    }

    /// Takes the further values of a loss, as in `D: 0.11, 0.10, 0.12 | G: …`, where ComboGAN prints one for each of
    /// its games.
    ///
    /// - Returns: false if the comma here does not separate decimal fractions after a loss, or if something else
    ///   follows them.
    mutating func takeLossesOfGames() -> Bool {
        guard line.listColumn < 0, line.lastColumn >= 0, case let meaning = table.columns[line.lastColumn].meaning,
            meaning.isLoss && meaning.player != nil || meaning.kind == .auxiliaryLoss
        else { return false }
        var values: [NumberText.Reading] = []
        var index = place
        while index < text.count, text[index] == UInt8(ascii: ","), values.count < PrintedText.mostValuesInAList {
            guard let reading = NumberText.read(text, at: skippingSurroundings(index + 1), allowsThousands: false),
                !reading.isWhole
            else { return false }
            values.append(reading)
            index = skippingSurroundings(reading.end)
        }
        guard values.count > 1, index >= text.count || text[index].isLineEnd || "|;)]".utf8.contains(text[index]) else {
            return false
        }
        for (ordinal, reading) in zip(2..., values) {
            guard let value = reading.value, let column = table.column(ofValue: ordinal, of: line.lastColumn) else {
                continue
            }
            table.record(value, to: column, beginsLine: false)
        }
        table.columns[line.lastColumn].listsGames = true
        line.lastColumn = -1
        place = index
        return true
    }

    /// The names of a line with their numbers, and the line's end; `nil` for a line that contains anything else.
    private func pairsOfLine() -> (pairs: [(name: Range<Int>, value: NumberText.Reading)], end: Int)? {
        var index = label.start
        while index > 0, !text[index - 1].isLineEnd {
            guard text[index - 1].isBlank || text[index - 1].isQuote else { return nil }
            index -= 1
        }
        var pairs: [(name: Range<Int>, value: NumberText.Reading)] = []
        while pairs.count < PrintedText.mostPairs {
            let start = skippingSurroundings(index)
            guard start < text.count, NumberText.read(text, at: start) == nil else { return nil }
            var end = start
            while end < text.count, end - start <= PrintedText.longestName, text[end] != UInt8(ascii: ","),
                !text[end].isLineEnd
            { end += 1 }
            guard end < text.count, text[end] == UInt8(ascii: ",") else { return nil }
            var nameEnd = end
            while nameEnd > start, text[nameEnd - 1].isBlank || text[nameEnd - 1].isQuote { nameEnd -= 1 }
            guard nameEnd > start, text[start..<nameEnd].contains(where: \.isLetter),
                let reading = NumberText.read(text, at: skippingSurroundings(end + 1), allowsThousands: false)
            else { return nil }
            pairs.append((start..<nameEnd, reading))
            index = skippingSurroundings(reading.end)
            if index >= text.count || text[index].isLineEnd { return (pairs, index) }
            guard text[index] == UInt8(ascii: ",") else { return nil }
            index += 1
        }
        return nil
    }

    private func skippingSurroundings(_ start: Int) -> Int {
        var index = start
        while index < text.count, text[index].isBlank || text[index].isQuote { index += 1 }
        return index
    }
}

extension UInt8 {
    fileprivate var isQuote: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") }
}
