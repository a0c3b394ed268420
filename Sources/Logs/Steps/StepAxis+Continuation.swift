extension StepAxis {
    /// How steps go on after the rows from which the axis was made.
    enum Continuation: Sendable {
        /// Every row is a step.
        case rows
        /// A counter gives the step, up to an offset. With a cycle, it restarts with every epoch of that length.
        case counter(String, cycle: Int?)
        case epochs(Epochs)

        /// Steps that are computed from an epoch and a counter within it.
        struct Epochs: Sendable {
            let epoch, inner: String
            /// The lowest epoch.
            let first: Double
            /// The number of steps in an epoch.
            let length: Double
            /// Whether the length does not depend on the rows read so far.
            let isLengthKnown: Bool
        }
    }

    /// Adds the steps of further rows.
    ///
    /// - Parameters:
    ///   - table: the log with the rows so far and further ones.
    ///   - rows: the further rows with values to judge, in order.
    /// - Returns: false if their steps depend on more than the rows before them, as after a restart; the axis must then
    ///   be made anew.
    mutating func extend(_ table: LogTable, rows: [Int]) -> Bool {
        guard let lastRow = steps.lastIndex(where: { $0 != nil }), var newest = steps[lastRow] else { return false }
        var offset = 0
        if case .counter(let name, _) = continuation {
            guard let value = StepAxis.value(of: name, in: table, at: lastRow) else { return false }
            offset = newest - value
        }
        let before = steps.count
        var extended = steps + [Int?](repeating: nil, count: max(0, table.rowCount - before))
        for row in rows where extended[row] == nil {
            guard let step = step(of: row, in: table, after: newest, &offset), step >= newest else { return false }
            extended[row] = step
            newest = step
        }
        // Rows between the rows of interest belong to the step before them.
        for row in max(1, before)..<max(1, extended.count) where extended[row] == nil {
            extended[row] = extended[row - 1]
        }
        steps = extended
        return true
    }

    private func step(of row: Int, in table: LogTable, after newest: Int, _ offset: inout Int) -> Int? {
        switch continuation {
        case .rows: return newest + 1
        case .counter(let name, let cycle):
            guard let value = StepAxis.value(of: name, in: table, at: row) else { return nil }
            if let cycle, value + offset < newest { offset += cycle }
            return value + offset
        case .epochs(let counters):
            guard let epoch = StepAxis.value(of: counters.epoch, in: table, at: row),
                let inner = StepAxis.value(of: counters.inner, in: table, at: row),
                counters.isLengthKnown || Double(inner) < counters.length, Double(epoch) >= counters.first
            else { return nil }
            let step = (Double(epoch) - counters.first) * counters.length + Double(inner)
            return step < StepAxis.largest ? Int(step.rounded()) : nil
        }
    }

    /// A counter's value at a row, or the newest before it.
    private static func value(of counter: String, in table: LogTable, at row: Int) -> Int? {
        guard let place = table.place(of: counter) else { return nil }
        let rows = table.columns[place].rows
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle]) <= row { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let value = table.columns[place].values[low - 1]
        return value.isFinite && abs(value) < largest ? Int(value.rounded()) : nil
    }
}
