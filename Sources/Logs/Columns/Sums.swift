/// Checks whether a column is the sum or the mean of others.
enum Sums {
    /// The factor by which the sum of two columns gives a third: 1 for a sum, 0.5 for a mean; `nil` if it is neither.
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

    /// Whether the first of several columns with equal rows is the sum of the others.
    static func isSum(_ columns: [LogTable.Column]) -> Bool {
        guard let whole = columns.first, columns.count > 2 else { return false }
        let right = whole.values.indices.count { row in
            let sum = columns.dropFirst().map { $0.values[row] }.reduce(0, +)
            return abs(whole.values[row] - sum) <= tolerance(whole.values[row], sum)
        }
        return right * 10 >= whole.values.count * 9
    }

    /// Printed numbers are rounded, to about three digits.
    private static func tolerance(_ first: Double, _ second: Double) -> Double {
        0.0011 + 0.01 * max(abs(first), abs(second))
    }

    /// The values of rows that have all three columns, a few hundred of them.
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
