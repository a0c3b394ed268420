import Foundation

/// Reads a table with one value per row, whose name is in a column of its own, as in tbparse and many data frames.
struct LongTable {
    static let nameColumns: Set<String> = [
        "tag", "metric", "name", "key", "variable", "series", "metric_name", "metric name",
    ]
    static let valueColumns: Set<String> = ["value", "values", "metric_value", "scalar"]
    /// Columns of words that distinguish values with the same name.
    private static let groupColumns: Set<String> = ["split", "run", "phase", "mode", "subset", "dir_name"]

    private let text: UnsafeBufferPointer<UInt8>
    private let commas: DecimalCommas
    private let nameAt, valueAt: Int
    private let counters: [Int]
    private let counterNames: [String]
    private let groups: [Int]
    private var rows: [Row] = []
    /// The rows of each place in the run, one for each pass through it.
    private var places: [[Double]: [Int]] = [:]
    private var passes: [Name: Int] = [:]

    private struct Row {
        let counters: [Double]
        var values: [(name: String, value: Double)] = []
    }

    private struct Name: Hashable {
        let name: String
        let counters: [Double]
    }

    /// A table with a column for each name and a row for each step; `nil` if the text is not such a table, or if none
    /// of its names is a loss or score.
    static func read(
        _ text: UnsafeBufferPointer<UInt8>, _ layout: DelimitedText.Layout, source: String
    ) throws -> LogTable? {
        guard layout.hasHeader else { return nil }
        var cells: [CellText.Cell] = []
        var rows = CellText(text, separator: layout.separator, from: layout.start, line: layout.line)
        while rows.next(&cells), cells.allSatisfy({ $0.isRule(in: text) }) {}
        let names = cells.map { String(decoding: text[$0.range], as: UTF8.self) }
        let commas = try DecimalCommas(text, from: layout.start, separator: layout.separator, source: source)
        guard var table = LongTable(text, names, commas) else { return nil }
        while rows.next(&cells) { table.take(cells) }
        return table.wide()
    }

    private init?(_ text: UnsafeBufferPointer<UInt8>, _ names: [String], _ commas: DecimalCommas) {
        let words = names.map { $0.lowercased() }
        guard let nameAt = words.firstIndex(where: LongTable.nameColumns.contains),
            let valueAt = words.firstIndex(where: LongTable.valueColumns.contains)
        else { return nil }
        let others = words.indices.filter { $0 != nameAt && $0 != valueAt }
        // A table with a column for each loss may have these names as well.
        guard !others.contains(where: { LongTable.isOfInterest(names[$0]) }) else { return nil }
        (self.text, self.commas, self.nameAt, self.valueAt) = (text, commas, nameAt, valueAt)
        counters = others.filter { ColumnMeaning(names[$0]).isCounter }
        counterNames = counters.map { names[$0] }
        groups = others.filter { LongTable.groupColumns.contains(words[$0]) }
    }

    private static func isOfInterest(_ name: String) -> Bool {
        switch ColumnMeaning(name).kind {
        case .loss, .score: true
        default: false
        }
    }

    private func words(_ cell: CellText.Cell) -> String { String(decoding: text[cell.range], as: UTF8.self) }

    private func number(_ cell: CellText.Cell) -> Double? {
        if let reading = commas.read(UnsafeBufferPointer(rebasing: text[cell.range])) { return reading.value }
        return NumberText.wrapped(words(cell))
    }

    private mutating func take(_ cells: [CellText.Cell]) {
        guard cells.count > ([nameAt, valueAt] + counters + groups).max() ?? 0, let value = number(cells[valueAt]),
            // A number is not the name of a series.
            !cells[nameAt].isEmpty, number(cells[nameAt]) == nil
        else { return }
        let name = (groups + [nameAt]).map { words(cells[$0]) }.filter { !$0.isEmpty }.joined(separator: "/")
        let step = counters.map { number(cells[$0]) ?? -1 }
        let key = Name(name: name, counters: step)
        let pass = passes[key, default: 0]
        passes[key] = pass + 1
        if places[step]?.count ?? 0 <= pass {
            places[step, default: []].append(rows.count)
            rows.append(Row(counters: step))
        }
        if let row = places[step]?[pass] { rows[row].values.append((name, value)) }
    }

    private func wide() -> LogTable? {
        guard passes.keys.contains(where: { LongTable.isOfInterest($0.name) }) else { return nil }
        var table = LogTable()
        for row in rows {
            table.beginRow()
            for (name, value) in Array(zip(counterNames, row.counters)) + row.values.map({ ($0.name, $0.value) }) {
                if let column = table.column(name), table.columns[column].lastRow < table.rowCount - 1 {
                    table.append(value, to: column)
                }
            }
        }
        return table
    }
}
