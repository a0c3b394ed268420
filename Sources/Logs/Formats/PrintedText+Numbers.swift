import Foundation

extension PrintedText {
    /// Reads a number here, or skips what looks like one but is a time or a date.
    ///
    /// - Returns: false if there is no number.
    mutating func number() -> Bool {
        let isGlued =
            place > 0 && (text[place - 1].isWordByte && text[place - 1] < 0x80 || text[place - 1] == UInt8(ascii: "."))
        let beginsLine = !line.hasValues && (label.isEmpty || names.isCounter(text, label.start..<label.end))
        guard !isGlued,
            var reading = NumberText.read(text, at: place, allowsThousands: label.isClosed || beginsLine)
        else { return false }
        if !label.isClosed, !label.isEmpty, reading.end >= text.count || text[reading.end] != UInt8(ascii: ":"),
            !isBeforeTotal(reading)
        {
            // `Epoch 1,100` may be an epoch and a batch; `Epoch 1,100: …` and `Step 1,100 of 5,000` are not.
            guard let plain = NumberText.read(text, at: place, allowsThousands: false) else { return false }
            reading = plain
        }
        if isLineOfSource(reading) {
            place = reading.end
            label = Label()
            return true
        }
        if takesEpochAndBatch(reading) { return true }
        if skipsTime(reading.end) { return true }
        if let counter = counterAfter(reading) {
            label = Label(start: counter.lowerBound, end: counter.upperBound)
            take(reading)
            place = counter.upperBound
            return true
        }
        if reading.end < text.count, text[reading.end].isLetter || text[reading.end] == UInt8(ascii: "_") {
            if let thousands = thousands(reading) {
                take(thousands)
                return true
            }
            // The number has a unit, as in `32.0s` and `4.25s/it`, or the word begins with a digit.
            place = reading.end
            while place < text.count, isInWord(place) { place += 1 }
            label = Label()
            line.lastColumn = -1
            return true
        }
        take(reading)
        return true
    }

    /// Takes the epoch and the batch at the start of a line such as `3-120 [D loss: 0.6]`.
    private mutating func takesEpochAndBatch(_ epoch: NumberText.Reading) -> Bool {
        guard !line.hasValues, label.isEmpty, epoch.isWhole, place == 0 || text[place - 1].isLineEnd,
            epoch.end + 1 < text.count, text[epoch.end] == UInt8(ascii: "-"), text[epoch.end + 1].isDigit,
            let batch = NumberText.read(text, at: epoch.end + 1, allowsThousands: false), batch.isWhole,
            batch.end + 1 < text.count, text[batch.end] == UInt8(ascii: " "),
            text[batch.end + 1] == UInt8(ascii: "[") || text[batch.end + 1].isLetter,
            !isDate(place, epoch.end), !isDate(epoch.end + 1, batch.end), !namesEpochInLine()
        else { return false }
        take(epoch)
        place = batch.end
        line.counters += 1
        if let value = batch.value, let column = table.column("\(LogTable.unnamedCounter)\(line.counters)") {
            table.record(value, to: column, beginsLine: false)
        }
        return true
    }

    /// Whether a number has a leading zero, as a month or day does.
    private func isDate(_ start: Int, _ end: Int) -> Bool { end - start > 1 && text[start] == UInt8(ascii: "0") }

    private func namesEpochInLine() -> Bool {
        var end = place
        while end < text.count, end < place + 400, !text[end].isLineEnd { end += 1 }
        return String(decoding: text[place..<end], as: UTF8.self).lowercased().contains("epoch")
    }

    /// The counter's name in `3 epoch, 152 batch, D loss: 0.6`, where it follows its number.
    private func counterAfter(_ reading: NumberText.Reading) -> Range<Int>? {
        guard label.isEmpty, reading.isWhole, line.listColumn < 0 else { return nil }
        var start = reading.end
        while start < text.count, text[start].isBlank { start += 1 }
        var end = start
        while end < text.count, text[end].isLetter { end += 1 }
        guard start > reading.end, PrintedText.isCounterWord(text[start..<end]),
            let next = nextByte(after: end - 1), ",:|".utf8.contains(next)
        else { return nil }
        return start..<end
    }

    /// Whether this is the line number in `(trainer:202)`, where a logger names the source of its message.
    private mutating func isLineOfSource(_ reading: NumberText.Reading) -> Bool {
        reading.isWhole && !line.hasValues && label.isClosed && label.end == place - 1 && label.start > 0
            && !names.isCounter(text, label.start..<label.end)
            && text[label.start - 1] == UInt8(ascii: "(") && reading.end < text.count
            && text[reading.end] == UInt8(ascii: ")")
    }

    /// The number in `Step: 3k`.
    private mutating func thousands(_ reading: NumberText.Reading) -> NumberText.Reading? {
        guard !label.isEmpty, let value = reading.value, text[reading.end] == UInt8(ascii: "k"),
            reading.end + 1 >= text.count || !text[reading.end + 1].isWordByte,
            names.isCounter(text, label.start..<label.end)
        else { return nil }
        return NumberText.Reading(value: 1000 * value, end: reading.end + 1, isWhole: reading.isWhole)
    }

    /// Skips times and dates: `0:10:10`, `2021-01-15`, `12/05/2021` and `14:59:09,123`.
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
        // Also skip fractions of a second, and the `T` or `Z` of a timestamp with what follows it.
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

    /// Whether the number that ends here has a decimal point. A colon after it is then punctuation.
    private func isPoint(_ end: Int) -> Bool {
        var index = end - 1
        while index >= place {
            if text[index] == UInt8(ascii: ".") { return true }
            index -= 1
        }
        return false
    }

    /// Takes a number, and the others that are joined to it by slashes.
    mutating func take(_ reading: NumberText.Reading) {
        place = reading.end
        var others: [NumberText.Reading] = []
        while others.count < 8, let next = joined() {
            others.append(next)
            place = next.end
        }
        let isPercentage = place < text.count && text[place] == UInt8(ascii: "%")
        if isPercentage { place += 1 }
        if isOfParameters() {
            label = Label()
            return
        }
        let isCounter = others.count == 1 && reading.isWhole && others[0].isWhole
        if reading.isWhole, others.isEmpty, let counter = counterBeforeValue() {
            record(reading, as: counter)
            return
        }
        guard let column = column(isCounter: isCounter, reading, isPercentage: isPercentage) else {
            label = Label()
            return
        }
        // A label that a bracket interrupted still awaits its value, but not after a colon, as in `INFO:root:[epoch
        // 1/8]`.
        let beginsLine = !line.hasValues && !interrupted.contains { !$0.isEmpty && !$0.isClosed }
        if let value = reading.value { table.record(value, to: column, beginsLine: beginsLine) }
        if isCounter {
            table.columns[column].total = others[0].value
        } else {
            for (index, other) in others.enumerated() {
                guard let value = other.value, let place = table.column(ofValue: index + 2, of: column) else {
                    continue
                }
                table.record(value, to: place, beginsLine: false)
            }
        }
        line.lastColumn = column
        line.values += 1
        if line.listed == 1, !label.isEmpty {
            line.listColumn = column
            lists[column] = [reading.value ?? .nan]
        }
        // In `[D loss: 0.3, acc.: 50%]`, the other values in the brackets belong to the same player.
        if !interrupted.isEmpty, !label.isEmpty, table.columns[column].meaning.player != nil {
            line.context = label.start..<label.end
        }
        label = Label()
    }

    /// Whether the number counts parameters, as in `G: 3576704 parameters`.
    private func isOfParameters() -> Bool {
        var index = place
        while index < text.count, text[index].isBlank { index += 1 }
        guard index > place, index + 5 < text.count, text[index] | 0x20 == UInt8(ascii: "p") else { return false }
        return String(decoding: text[index..<index + 5], as: UTF8.self).lowercased() == "param"
    }

    /// The counter's name in `loss at step 100: 0.5`, and the end of the name of the value that follows.
    private func counterBeforeValue() -> (name: Range<Int>, labelEnd: Int)? {
        guard !label.isEmpty, !label.isClosed, label.end - label.start < 80, place < text.count,
            text[place] == UInt8(ascii: ":"),
            let next = nextByte(after: place), next.isDigit || next == UInt8(ascii: "-") || next == UInt8(ascii: "t")
        else { return nil }
        let words = String(decoding: text[label.start..<label.end], as: UTF8.self)
        for separator in [" at ", " after "] {
            guard let found = words.range(of: separator, options: .backwards) else { continue }
            let head = words[..<found.lowerBound].utf8.count
            let tail = words[..<found.upperBound].utf8.count
            guard ColumnMeaning(String(words[found.upperBound...])).isCounter else { return nil }
            return (label.start + tail..<label.end, label.start + head)
        }
        return nil
    }

    /// Records a counter, and keeps the words before it as the name of the value that follows.
    private mutating func record(_ reading: NumberText.Reading, as counter: (name: Range<Int>, labelEnd: Int)) {
        let name = names.plainName(text, counter.name)
        if let value = reading.value, let column = table.column(name) {
            table.record(value, to: column, beginsLine: false)
        }
        label.end = counter.labelEnd
    }

    /// Whether ` of ` follows.
    private func isBeforeOf(_ end: Int) -> Bool {
        var index = end
        while index < text.count, text[index].isBlank { index += 1 }
        return index > end && index + 3 < text.count && text[index..<index + 3].elementsEqual("of ".utf8)
    }

    /// Whether ` of ` and a total follow, as in `1,100 of 5,000`. A total is at least as large as this number.
    private func isBeforeTotal(_ reading: NumberText.Reading) -> Bool {
        guard isBeforeOf(reading.end), let value = reading.value else { return false }
        var index = reading.end
        while index < text.count, text[index].isBlank { index += 1 }
        index += 2
        while index < text.count, text[index].isBlank { index += 1 }
        let total = NumberText.read(text, at: index, allowsThousands: true)
        return total?.value.map { $0 >= value } ?? false
    }

    /// The number after a slash or ` of `.
    private func joined() -> NumberText.Reading? {
        var index = place
        while index < text.count, text[index].isBlank { index += 1 }
        // `3/100`, `3 of 100`.
        if isBeforeOf(place) {
            index += 3
        } else {
            guard index < text.count, text[index] == UInt8(ascii: "/") else { return nil }
            index += 1
        }
        while index < text.count, text[index].isBlank { index += 1 }
        guard index < text.count, text[index].isDigit || text[index] == UInt8(ascii: "-"),
            let reading = NumberText.read(text, at: index, allowsThousands: text[index - 1] == UInt8(ascii: " "))
        else { return nil }
        guard reading.end >= text.count || !text[reading.end].isLetter else { return nil }
        return reading
    }

    /// The maximum number of values in a list; longer lists are series.
    static let mostValuesInAList = 8

    /// The series of a text that prints each as one list, `D_losses = [0.7, 0.6, …]`, with one row per position; `nil`
    /// if the text's lines contain more values of the losses.
    func tableOfLists() -> LogTable? {
        let series = lists.filter { column, values in
            let meaning = table.columns[column].meaning
            return values.count > PrintedText.mostValuesInAList && meaning.kind != .other
                && table.columns[column].values.count <= 1
        }.sorted { $0.key < $1.key }
        let length = series.filter { table.columns[$0.key].meaning.isLoss }.map(\.value.count).max() ?? 0
        let lines =
            table.columns.indices.filter { lists[$0] == nil && table.columns[$0].meaning.isLoss }
            .map { table.columns[$0].values.count }.max() ?? 0
        guard length > lines else { return nil }
        var rows = LogTable()
        rows.append(series.map { (table.columns[$0.key].name, Array($0.value.prefix(length))) })
        return rows
    }

    /// The column of the number that was just read; `nil` if it has no name and is not a counter.
    private mutating func column(isCounter: Bool, _ reading: NumberText.Reading, isPercentage: Bool) -> Int? {
        if label.isEmpty, line.listColumn >= 0 {
            // `dA[0.31, 0.28]`: several values of one name.
            line.listed += 1
            lists[line.listColumn]?.append(reading.value ?? .nan)
            guard line.listed <= PrintedText.mostValuesInAList else { return nil }
            return table.column(ofValue: line.listed, of: line.listColumn)
        }
        // `Training: [3/100]` is a counter, whatever the word before it, except in `GPU memory: 207/8192`.
        let isBareCounter = isCounter && !label.isEmpty && !names.isCounter(text, label.start..<label.end)
        if isBareCounter, ColumnMeaning(names.plainName(text, label.start..<label.end)).kind == .time { return nil }
        guard !label.isEmpty, !isBareCounter else {
            // This is a counter such as `[3/100][10/938]`, or a whole number that begins a line.
            let begins = !line.hasValues && reading.isWhole && !isPercentage && (reading.value ?? -1) >= 0
            guard isCounter || begins else { return nil }
            line.counters += 1
            return table.column("\(LogTable.unnamedCounter)\(line.counters)")
        }
        let range = label.start..<label.end
        if let column = names.expected(text, range, context: line.context, group: line.groupColumn) { return column }
        var name = names.plainName(text, range)
        let isCounter = ColumnMeaning(name).isCounter
        if line.groupColumn >= 0, !isCounter, !names.namesAPlayer(text, range),
            table.columns[line.groupColumn].meaning.isLoss
        {
            name = "\(table.columns[line.groupColumn].name) \(name)"
        } else if let context = line.context, !isCounter,
            !names.namesAPlayer(text, range) || names.namesValidation(text, context)
        {
            name = "\(names.plainName(text, context)) \(name)"
        }
        let column = table.column(name)
        names.learn(text, range, context: line.context, group: line.groupColumn, column)
        return column
    }
}
