import Foundation

/// Losses as text: a header and a row a step, separated by commas, semicolons or tabs. Lines that begin with `#` are comments, but
/// the last before a row of numbers is the header, as `numpy.savetxt` writes it. Where semicolons or tabs separate and no number has
/// a point, a comma stands in its place.
enum CSVFile {
    private static let stepNames = ["step", "iteration", "iter", "global_step", "globalstep", "batches_done", "steps"]

    static func read(_ url: URL) throws -> LossLog {
        guard let text = String(data: try LossLog.bytes(of: url), encoding: .utf8) else {
            throw LogError("\(url.path) is no text in UTF-8, so it can be no CSV file.")
        }
        var rows = Rows(text)
        guard rows.ambiguity == nil else {
            throw LogError(
                "\(url.path) has “\(rows.ambiguity ?? "")”, which may be a decimal or a thousand; write numbers with a point and no separator of thousands."
            )
        }
        guard let header = rows.next(), header.cells.count > 0, !text.isEmpty else {
            throw LogError("\(url.path) is empty.")
        }
        let names = header.cells.map { $0.trimmingCharacters(in: .whitespaces) }
        guard names.contains(where: { Double($0) == nil && !$0.isEmpty }) else {
            throw LogError("\(url.path) has no header: its first line must name the columns.")
        }
        guard Set(names).count == names.count else {
            throw LogError("\(url.path) names a column twice in its first line.")
        }
        var values = [[Double?]](repeating: [], count: names.count)
        var texts = [(count: Int, line: Int, text: String)](repeating: (0, 0, ""), count: names.count)
        while let row = rows.next() {
            if row.cells.count == 1, row.cells[0].trimmingCharacters(in: .whitespaces).isEmpty { continue }
            if row.cells[0].hasPrefix("#") { continue }
            guard row.cells.count == names.count else {
                throw LogError(
                    "\(url.path) has \(row.cells.count) cells in line \(row.line), but \(names.count) columns; it may be cut short."
                )
            }
            for (index, cell) in row.cells.enumerated() {
                let cell = cell.trimmingCharacters(in: .whitespaces)
                let value = number(rows.hasDecimalCommas ? cell.replacing(",", with: ".") : cell)
                if value == nil, !missing.contains(cell.lowercased()) {
                    if texts[index].count == 0 { texts[index] = (0, row.line, cell) }
                    texts[index].count += 1
                }
                values[index].append(value)
            }
        }
        guard let count = values.first?.count, count > 0 else { throw LogError("\(url.path) has a header but no row.") }
        // A column of text is none of ours; a number that cannot be read among others is a mistake.
        for (index, text) in texts.enumerated() where text.count > 0 && 2 * text.count < count {
            throw LogError(
                "\(url.path) has “\(text.text.prefix(40))” in line \(text.line), where the column “\(names[index])” has numbers elsewhere."
            )
        }
        let isNumeric = texts.map { $0.count == 0 }
        let steps = self.steps(names, values, count)
        var columns: [String: [(step: Int, value: Double)]] = [:]
        for (index, name) in names.enumerated() where isNumeric[index] {
            columns[name] = zip(steps, values[index]).compactMap { step, value in value.map { (step, $0) } }
        }
        // A column of words is left out without a word; one of what looks like numbers is not.
        let warnings = zip(names, texts).filter { $1.text.first?.isNumber == true }.map { name, text in
            "The column “\(name)” was left out: “\(text.text.prefix(40))” in line \(text.line) is no number that can be read."
        }
        return LossLog(
            names: names.enumerated().filter { isNumeric[$0.offset] }.map(\.element), columns: columns,
            warnings: warnings)
    }

    private static let missing: Set<String> = ["", "none", "null", "na", "n/a", "-"]

    /// Numbers as the usual languages print them.
    private static func number(_ cell: String) -> Double? {
        switch cell.lowercased() {
        case "nan", "-nan": .nan
        case "inf", "infinity", "+inf": .infinity
        case "-inf", "-infinity": -.infinity
        default: Double(cell)
        }
    }

    /// The step of each row: a column of that name if it rises from row to row, else the row's number.
    private static func steps(_ names: [String], _ values: [[Double?]], _ count: Int) -> [Int] {
        let column = names.firstIndex { stepNames.contains($0.lowercased()) }
        if let column {
            let steps = values[column].compactMap { $0.flatMap { Int(exactly: $0.rounded()) } }
            if steps.count == count, zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }) { return steps }
        }
        return Array(1...count)
    }

    /// The rows of a text, one at a time; quotes may hold separators and line ends.
    private struct Rows {
        private var rest: Substring.UTF8View
        private let separator: UInt8
        private var line = 0
        /// Whether commas stand in numbers in place of the point.
        let hasDecimalCommas: Bool
        /// A number of which it cannot be told.
        let ambiguity: String?

        init(_ text: String) {
            var text = Substring(text)
            if text.first == "\u{FEFF}" { text.removeFirst() }
            var comment: Substring?
            while let end = text.firstIndex(where: \.isNewline),
                text.first == "#" || text[..<end].allSatisfy(\.isWhitespace)
            {
                if text.first == "#" { comment = text[..<end].drop { $0 == "#" || $0 == " " } }
                text = text[text.index(after: end)...]
                line += 1
            }
            let isNumbers = text.prefix { !$0.isNewline }.allSatisfy { "0123456789.,;+-eE \t".contains($0) }
            if let comment, isNumbers, !comment.isEmpty, !text.isEmpty {
                text = Substring(comment + "\n" + text)
                line -= 1
            }
            let head = text.prefix { !$0.isNewline }
            separator =
                [",", ";", "\t"].max { first, second in
                    head.count { String($0) == first } < head.count { String($0) == second }
                }?.utf8.first ?? UInt8(ascii: ",")
            rest = text.utf8
            let sample = text.prefix(1 << 16)
            let separatesByComma = separator == UInt8(ascii: ",")
            let commas = separatesByComma ? [] : sample.matches(of: /[0-9]+,([0-9]+)/)
            hasDecimalCommas = !commas.isEmpty && sample.firstMatch(of: /[0-9]\.[0-9]/) == nil
            ambiguity =
                hasDecimalCommas && commas.allSatisfy { $0.output.1.count == 3 }
                ? commas.first.map { String($0.output.0) } : nil
        }

        mutating func next() -> (cells: [String], line: Int)? {
            guard !rest.isEmpty else { return nil }
            line += 1
            let start = line
            var cells: [String] = []
            var cell: [UInt8] = []
            var isQuoted = false
            while let byte = rest.popFirst() {
                if isQuoted {
                    if byte != UInt8(ascii: "\"") {
                        if byte == UInt8(ascii: "\n") { line += 1 }
                        cell.append(byte)
                    } else if rest.first == UInt8(ascii: "\"") {
                        rest = rest.dropFirst()
                        cell.append(byte)
                    } else {
                        isQuoted = false
                    }
                } else if byte == UInt8(ascii: "\""), cell.isEmpty {
                    isQuoted = true
                } else if byte == separator {
                    cells.append(String(decoding: cell, as: UTF8.self))
                    cell = []
                } else if byte == UInt8(ascii: "\n") {
                    break
                } else if byte == UInt8(ascii: "\r") {
                    // A line's end by itself, or before a line feed.
                    if rest.first == UInt8(ascii: "\n") { rest = rest.dropFirst() }
                    break
                } else {
                    cell.append(byte)
                }
            }
            cells.append(String(decoding: cell, as: UTF8.self))
            return (cells, start)
        }
    }
}
