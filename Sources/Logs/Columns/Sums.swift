/// Whether one column is made of two others.
enum Sums {
    /// What one has to be taken times for the sum of two others: 1, or 0.5 for a mean; `nil` if neither.
    static func share(of whole: LogTable.Column, _ first: LogTable.Column, _ second: LogTable.Column) -> Double? {
        let rows = common(whole, first, second)
        guard rows.count >= 2 else { return nil }
        return [1.0, 0.5].first { share in
            let right = rows.count { row in
                let sum = share * (row.1 + row.2)
                return abs(row.0 - sum) <= tolerance(row.0, row.1)
            }
            return right * 10 >= rows.count * 9 && rows.contains { abs($0.0) > 0.01 }
        }
    }

    /// Whether the first of several columns of equal rows is the sum of the others.
    static func isSum(_ columns: [LogTable.Column]) -> Bool {
        guard let whole = columns.first, columns.count > 2 else { return false }
        let right = whole.values.indices.count { row in
            let sum = columns.dropFirst().map { $0.values[row] }.reduce(0, +)
            return abs(whole.values[row] - sum) <= tolerance(whole.values[row], sum)
        }
        return right * 10 >= whole.values.count * 9
    }

    /// Printed numbers are rounded, to three digits or so.
    private static func tolerance(_ first: Double, _ second: Double) -> Double {
        0.0011 + 0.01 * max(abs(first), abs(second))
    }

    /// The values of rows that have all three, some hundreds of them.
    private static func common(
        _ first: LogTable.Column, _ second: LogTable.Column, _ third: LogTable.Column
    ) -> [(Double, Double, Double)] {
        func values(_ column: LogTable.Column) -> [Int32: Double] {
            Dictionary(zip(column.rows, column.values)) { $1 }
        }
        let (others, thirds) = (values(second), values(third))
        let step = max(1, first.rows.count / 500)
        return stride(from: 0, to: first.rows.count, by: step).compactMap { index in
            guard let second = others[first.rows[index]], let third = thirds[first.rows[index]],
                first.values[index].isFinite, second.isFinite, third.isFinite
            else { return nil }
            return (first.values[index], second, third)
        }
    }
}
