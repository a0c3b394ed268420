/// Caches the columns of names in a printed text, so that a line like earlier ones costs only a few comparisons.
struct NameCache {
    private struct Entry {
        let name: [UInt8]
        let context: [UInt8]
        let group: Int
        let column: Int
        /// The entry that followed this one the last time.
        var next = -1
    }

    private var entries: [Entry] = []
    private var places: [Key: Int] = [:]
    private var last = -1
    private var qualities: [UInt64: (words: [UInt8], quality: Quality)] = [:]

    private struct Key: Hashable {
        let name, context: [UInt8]
        let group: Int
    }

    /// The column of a name that occurred in the same context before.
    mutating func expected(
        _ text: UnsafeBufferPointer<UInt8>, _ name: Range<Int>, context: Range<Int>?, group: Int
    ) -> Int? {
        func fits(_ entry: Entry) -> Bool {
            entry.group == group && entry.name.count == name.count && entry.context.count == context?.count ?? 0
                && same(text, name, entry.name) && (context.map { same(text, $0, entry.context) } ?? true)
        }
        if last >= 0, entries[last].next >= 0, fits(entries[entries[last].next]) {
            last = entries[last].next
            return entries[last].column
        }
        let key = Key(name: Array(text[name]), context: context.map { Array(text[$0]) } ?? [], group: group)
        guard let place = places[key] else { return nil }
        if last >= 0 { entries[last].next = place }
        last = place
        return entries[place].column
    }

    mutating func learn(
        _ text: UnsafeBufferPointer<UInt8>, _ name: Range<Int>, context: Range<Int>?, group: Int, _ column: Int?
    ) {
        guard let column, entries.count < 4 * LogTable.mostColumns else { return }
        let key = Key(name: Array(text[name]), context: context.map { Array(text[$0]) } ?? [], group: group)
        places[key] = entries.count
        entries.append(Entry(name: key.name, context: key.context, group: group, column: column))
        if last >= 0 { entries[last].next = entries.count - 1 }
        last = entries.count - 1
    }

    /// What words say about the numbers after them.
    private struct Quality {
        var namesAPlayer = false
        var namesValidation = false
        var isCounter = false
    }

    private mutating func quality(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Quality {
        guard range.count <= 40 else { return Quality() }
        let hash = hash(text, range)
        if let known = qualities[hash], known.words.count == range.count, same(text, range, known.words) {
            return known.quality
        }
        let bytes = Array(text[range])
        let name = NameParts(String(decoding: bytes, as: UTF8.self))
        let quality = Quality(
            namesAPlayer: name.has(anyOf: Vocabulary.generator.union(Vocabulary.discriminator)),
            namesValidation: !name.words.isEmpty && name.words.allSatisfy(Vocabulary.validation.contains),
            isCounter: ColumnMeaning(plainName(text, range)).isCounter)
        if qualities.count < LogTable.mostColumns { qualities[hash] = (bytes, quality) }
        return quality
    }

    /// The FNV-1a hash of the bytes, computed without copying them.
    private func hash(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> UInt64 {
        range.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64(text[$1])) &* 0x100_0000_01B3 }
    }

    /// Whether words name one of the players.
    mutating func namesAPlayer(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        quality(text, range).namesAPlayer
    }

    /// Whether words denote validation data.
    mutating func namesValidation(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        quality(text, range).namesValidation
    }

    /// Whether words name the player, or the part of the data, to which the following numbers belong.
    mutating func qualifies(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        let quality = quality(text, range)
        return quality.namesAPlayer || quality.namesValidation
    }

    /// Whether words name a counter, such as an epoch.
    mutating func isCounter(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        quality(text, range).isCounter
    }

    private static let levels: Set<String> = [
        "info", "debug", "warning", "warn", "error", "trace", "stdout", "stderr", "log",
    ]

    /// The words as a name, without quotes and without the verb before a value.
    func plainName(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
        var name = String(decoding: text[range], as: UTF8.self)
        // Remove terminal colors within a name.
        while let start = name.firstIndex(of: "\u{1B}") {
            let end = name[start...].dropFirst(2).firstIndex { $0.isLetter }
            name.removeSubrange(start...(end ?? name.index(before: name.endIndex)))
        }
        var words = name.split { " \t'\"`".contains($0) }
        while words.count > 1, let first = words.first, NameCache.levels.contains(first.lowercased()) {
            words.removeFirst()
        }
        let rest =
            words.last.map { ["is", "was", "of", "at", "are"].contains($0) } == true ? words.dropLast() : words[...]
        return (rest.isEmpty ? words[...] : rest).suffix(6).joined(separator: " ")
    }

    private func same(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
        var index = range.lowerBound
        for byte in bytes {
            if text[index] != byte { return false }
            index += 1
        }
        return true
    }
}
