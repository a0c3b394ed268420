import Foundation

/// A table of one value a row, whose name stands in a column of its own, as tbparse and many data frames have it.
enum LongTable {
    static let nameColumns: Set<String> = [
        "tag", "metric", "name", "key", "variable", "series", "metric_name", "metric name",
    ]
    static let valueColumns: Set<String> = ["value", "values", "metric_value", "scalar"]

    /// One table of a series for each name; empty if the text is no such table.
    static func read(
        _ text: UnsafeBufferPointer<UInt8>, _ layout: DelimitedText.Layout, source: String
    ) -> [LogFile] {
        guard layout.hasHeader else { return [] }
        var rows = CellText(text, separator: layout.separator, from: layout.start, line: layout.line)
        var cells: [CellText.Cell] = []
        func words(_ cell: CellText.Cell) -> String { String(decoding: text[cell.range], as: UTF8.self) }
        guard rows.next(&cells) else { return [] }
        let names = cells.map { words($0).lowercased() }
        guard let nameAt = names.firstIndex(where: nameColumns.contains),
            let valueAt = names.firstIndex(where: valueColumns.contains)
        else { return [] }
        let stepAt =
            names.firstIndex { ColumnMeaning($0).kind == .counter(.step) }
            ?? names.firstIndex { ColumnMeaning($0).kind == .counter(.epoch) }
        let counter = stepAt.map { names[$0] } ?? ""
        var tables: [String: LogTable] = [:]
        var order: [String] = []
        while rows.next(&cells) {
            guard cells.count > max(nameAt, valueAt, stepAt ?? 0) else { continue }
            let name = words(cells[nameAt])
            // A column of numbers is no column of names.
            guard !name.isEmpty, Double(name) == nil,
                let value = NumberText.read(cell: UnsafeBufferPointer(rebasing: text[cells[valueAt].range]))?.value
            else { continue }
            if tables[name] == nil {
                guard order.count < LogTable.mostColumns else { return [] }
                order.append(name)
            }
            var table = tables.removeValue(forKey: name) ?? LogTable()
            table.beginRow()
            if let stepAt, let column = table.column(counter),
                let step = NumberText.read(cell: UnsafeBufferPointer(rebasing: text[cells[stepAt].range]))?.value
            {
                table.append(step, to: column)
            }
            if let column = table.column(name) { table.append(value, to: column) }
            tables[name] = table
        }
        return order.compactMap { name in tables[name].map { LogFile(name: source, table: $0) } }
    }
}
