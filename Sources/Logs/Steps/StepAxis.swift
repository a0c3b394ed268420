/// The step of each row of a log, from the log's counters or from the rows themselves.
///
/// If a counter restarts, either the run was resumed, and the later rows replace those that they repeat, or the log
/// contains several runs, of which the last long one counts.
struct StepAxis {
    /// The unit of a step.
    enum Unit: String, Sendable {
        case step, epoch, row
        /// Thousands of images.
        case kimg
    }

    /// The step of each row; `nil` for a row that a restart has replaced.
    var steps: [Int?]
    /// How the steps of further rows follow.
    private(set) var continuation = Continuation.rows
    private(set) var unit = Unit.row
    /// Whether a step is known to be one batch, because it was counted within an epoch.
    private(set) var countsUpdates = false
    /// Notes on how the log was interpreted.
    private(set) var notes: [String] = []

    /// The maximum value of a plausible counter, so that sums and differences never overflow.
    static let largest = 1e15

    /// - Parameters:
    ///   - rows: the rows with values to judge, in order.
    ///   - losses: each player's losses in those rows. They show whether the run restarted, or only its counter.
    init(_ table: LogTable, rows: [Int], losses: [[Double]]) {
        steps = [Int?](repeating: nil, count: table.rowCount)
        guard !rows.isEmpty else { return }
        var counters = table.columns.filter { $0.isCounter || StepAxis.isIndex($0, rows: table.rowCount) }
            .map { Filled($0, rows: rows) }
        if let epochs = counters.first(where: { $0.meaning.kind == .counter(.epoch) && $0.rises > 1 }) {
            for index in counters.indices { counters[index].removeFalls(atStartsOf: epochs) }
        }
        let axis =
            StepAxis.bySteps(counters, rows) ?? StepAxis.byEpochsAndBatches(counters, rows)
            ?? StepAxis.byEpochs(counters, rows, areWhole: StepAxis.areWhole(table, rows))
        guard let axis else {
            countRows(rows, counters, losses)
            return
        }
        let restarts = Restarts(
            axis.values, rows: rows, counter: axis.name, cycles: axis.cycles, losses: losses)
        notes += restarts.notes
        guard !restarts.areInterleaved else {
            place(zip(rows, 1...).map { ($0, $1) }, of: rows)
            return
        }
        continuation = axis.epochs.map(Continuation.epochs) ?? .counter(axis.name, cycle: restarts.cycle)
        (unit, countsUpdates) = (axis.unit, axis.countsUpdates)
        if axis.isDerived { notes.insert("Steps were counted from “\(axis.name)”.", at: 0) }
        place(restarts.kept, of: rows)
    }

    /// Counts the rows if no counter gives the step: only those of the newest run, if restarting epochs separate
    /// several runs.
    private mutating func countRows(_ rows: [Int], _ counters: [Filled], _ losses: [[Double]]) {
        var kept = rows
        if let epochs = counters.first(where: { $0.meaning.kind == .counter(.epoch) && $0.drops > 0 && $0.rises > 0 }),
            epochs.coverage >= 0.9, StepAxis.areRuns(epochs.rounded)
        {
            let restarts = Restarts(
                StepAxis.places(in: epochs.rounded), rows: rows, counter: epochs.name, cycles: nil, losses: losses)
            notes += restarts.notes
            if !restarts.areInterleaved { kept = restarts.kept.map(\.row) }
        } else if let torn = counters.first(where: {
            $0.meaning.isCounter && $0.coverage >= 0.9 && $0.drops > 0 && $0.rises > 0
        }) {
            notes.append(Restarts.interleaved(torn.name, torn.drops))
        }
        place(zip(kept, 1...).map { ($0, $1) }, of: rows)
    }

    /// Whether epochs continue from each value to which they fall, so that a single row, such as a line about the best
    /// epoch, is not taken for a run.
    private static func areRuns(_ epochs: [Int]) -> Bool {
        let falls = epochs.indices.dropFirst().filter { epochs[$0 - 1] > epochs[$0] }
        let ends = falls.dropFirst() + [epochs.count]
        let before = epochs.prefix(falls.first ?? 0)
        let widest = zip(before, before.dropFirst()).map { $1 - $0 }.max() ?? 1
        return zip(falls, ends).allSatisfy { start, end in
            let run = epochs[start..<end]
            return run.last != run.first && zip(run, run.dropFirst()).allSatisfy { $1 - $0 <= max(1, widest) }
        }
    }

    /// Numbers that increase with every row of an epoch and from one epoch to the next.
    private static func places(in epochs: [Int]) -> [Int] {
        let ranks = Dictionary(uniqueKeysWithValues: Set(epochs).sorted().enumerated().map { ($1, $0) })
        var within = 0
        return epochs.indices.map { index in
            within = index > 0 && epochs[index - 1] == epochs[index] ? within + 1 : 0
            return (ranks[epochs[index]] ?? 0) * epochs.count + within
        }
    }

    /// A counter's value at each row of interest: the row's own, or the newest before it.
    private struct Filled {
        let name: String
        let meaning: ColumnMeaning
        let total: Double?
        var values: [Double?]
        /// The share of the rows that have a value of their own.
        let coverage: Double

        init(_ column: LogTable.Column, rows: [Int]) {
            name = column.name
            meaning = column.meaning
            total = column.total
            var place = 0
            var newest: Double?
            var own = 0
            values = rows.map { row in
                while place < column.rows.count, Int(column.rows[place]) <= row {
                    newest = column.values[place]
                    if Int(column.rows[place]) == row { own += 1 }
                    place += 1
                }
                return newest
            }
            coverage = Double(own) / Double(max(1, rows.count))
        }

        /// The values, if each row has a plausible counter value.
        var whole: [Double]? {
            let known = values.compactMap(\.self)
            let missing = values.count - known.count
            guard missing <= max(1, values.count / 10), let first = known.first else { return nil }
            // Rows before the first value, such as `initial: …`, are placed as far before it as the next value is after
            // it.
            let gap = known.count > 1 ? known[1] - first : 1
            let distance = gap > 0 && first >= gap * Double(missing) ? gap : meaning.kind == .counter(.epoch) ? 0 : 1
            let all = (0..<missing).map { first - distance * Double(missing - $0) } + known
            return all.allSatisfy { $0.isFinite && abs($0) < StepAxis.largest } ? all : nil
        }

        /// Whether the counter continues across epochs: it exceeds its total, and even the last epoch's lowest value is
        /// above the first one's highest. A log with one row per epoch does not show this.
        func runsOn(over epochs: Filled) -> Bool {
            guard drops <= epochs.drops, let first = epochs.values.first ?? nil,
                let last = epochs.values.compactMap(\.self).max(), first != last,
                epochs.rises >= 2, values.count >= 2 * (epochs.rises + 1),
                total.map({ total in values.contains { $0 ?? 0 > total } }) ?? true
            else { return false }
            func counts(in epoch: Double?) -> [Double] {
                zip(values, epochs.values).compactMap { $1 == epoch ? $0 : nil }
            }
            return (counts(in: last).min() ?? 0) > (counts(in: first).max() ?? 0)
        }

        /// Removes the drops of a counter that goes back a little at the start of most epochs, and nowhere else, but
        /// otherwise continues: every epoch begins above the one before it. This happens when a program underestimates
        /// the number of images.
        mutating func removeFalls(atStartsOf epochs: Filled) {
            guard meaning.kind == .counter(.batch) || meaning.kind == .counter(.step), drops >= 2 else { return }
            let epochOfRow = epochs.values.map { $0 ?? -.infinity }
            let begins = values.indices.dropFirst().filter { epochOfRow[$0 - 1] < epochOfRow[$0] }
            let starts = ([0] + begins).map { values[$0] ?? 0 }
            let highest = values[..<(begins.first ?? 0)].compactMap(\.self).max() ?? .infinity
            let falls = values.indices.dropFirst().filter { (values[$0 - 1] ?? 0) > (values[$0] ?? 0) }
            guard zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }), starts.last ?? 0 > highest,
                falls.allSatisfy({ epochOfRow[$0 - 1] != epochOfRow[$0] }), 2 * falls.count >= begins.count
            else { return }
            for row in values.indices.dropFirst() where epochOfRow[row - 1] <= epochOfRow[row] {
                if let value = values[row], let before = values[row - 1] { values[row] = max(value, before + 1) }
            }
        }

        /// The values as whole numbers; an implausible value is replaced by the one before it.
        var rounded: [Int] {
            var newest = 0
            return values.map { value in
                if let value, value.isFinite, abs(value) < StepAxis.largest { newest = Int(value.rounded()) }
                return newest
            }
        }

        var drops: Int { zip(values, values.dropFirst()).count { ($0 ?? 0) > ($1 ?? 0) } }
        /// Whether every drop coincides with a rise of another counter.
        func drops(onlyWith other: Filled) -> Bool {
            values.indices.dropFirst().allSatisfy { index in
                (values[index - 1] ?? 0) <= (values[index] ?? 0)
                    || (other.values[index - 1] ?? 0) < (other.values[index] ?? 0)
            }
        }
        /// The number of rises; the first value is not one.
        var rises: Int { zip(values, values.dropFirst()).count { $0 ?? .infinity < $1 ?? 0 } }
    }

    /// `cycles`: see ``Restarts``.
    private struct Axis {
        var values: [Int]
        var unit: Unit
        var name: String
        var isDerived = false
        var cycles: Int?
        var countsUpdates = false
        /// The counters from which the steps are computed, if there are two.
        var epochs: Continuation.Epochs?
    }

    /// Five folds or ten repeated runs are common, but twenty cycles of the same length are epochs.
    private static let cyclesOfSteps = 20

    /// Whether a column holds row numbers that a table library wrote before the first column.
    private static func isIndex(_ column: LogTable.Column, rows: Int) -> Bool {
        guard column.name == "column 1" || column.name.isEmpty, column.values.count == rows, rows > 1 else {
            return false
        }
        return zip(column.values, column.values.dropFirst()).allSatisfy { $1 - $0 == 1 }
            && [0, 1].contains(column.values[0])
    }

    // MARK: - Kinds of counters

    private static func bySteps(_ counters: [Filled], _ rows: [Int]) -> Axis? {
        let candidates = counters.filter { counter in
            guard counter.coverage >= 0.9 || (counter.coverage >= 0.5 && counter.drops == 0),
                counter.rises > 0 || rows.count == 1
            else { return false }
            switch counter.meaning.kind {
            case .counter(.step), .counter(.images): break
            case .counter(.batch):
                guard
                    counters.allSatisfy({
                        $0.meaning.kind != .counter(.epoch) || $0.rises == 0 || counter.runsOn(over: $0)
                    })
                else { return false }
            case .counter(.epoch): return false
            default: break
            }
            // Row numbers are less informative than an epoch in every row.
            if !counter.meaning.isCounter, !counter.name.hasPrefix(LogTable.unnamedCounter),
                counters.contains(where: { $0.meaning.kind == .counter(.epoch) && $0.rises >= max(1, rows.count - 1) })
            {
                return false
            }
            // A counter that restarts with every epoch counts within it.
            if counter.drops > 0,
                counters.contains(where: {
                    $0.name != counter.name && $0.rises > 0 && $0.drops < counter.drops && counter.drops(onlyWith: $0)
                })
            {
                return false
            }
            // A counter within which another one counts is not the step, even if few rows share its values.
            if counter.name.hasPrefix(LogTable.unnamedCounter),
                counters.contains(where: {
                    $0.name != counter.name && $0.name.hasPrefix(LogTable.unnamedCounter) && $0.coverage >= 0.9
                        && $0.drops > 0 && $0.drops(onlyWith: counter)
                })
            {
                return false
            }
            // The step of `Step 2, epoch 24` is a stage, within which another counter counts.
            if counter.rises * 4 < rows.count,
                counters.contains(where: {
                    $0.name != counter.name && $0.meaning.isCounter && $0.coverage >= 0.9
                        && $0.rises > 4 * counter.rises
                })
            {
                return false
            }
            let isStep = counter.meaning.kind == .counter(.step)
            let isInner = counter.meaning.kind == .counter(.batch) && Restarts.cycle(counter.rounded, least: 2) != nil
            let fallsSeldom = counter.drops <= max(3, rows.count / 100) && counter.drops * 4 <= rows.count
            // A step counter must rise in at least every tenth row; otherwise it counts stages or epochs. Short logs
            // are exempt.
            return (fallsSeldom || isInner || counter.drops == 0)
                && counter.rises * (isStep ? 10 : 2) >= rows.count - (isStep ? 20 : 2)
        }
        func rank(_ counter: Filled) -> (Int, Int) {
            let isNamed = counter.meaning.kind == .counter(.step)
            return (
                counter.drops > 0 ? 1 : 0,
                isNamed ? (counter.name.lowercased().contains("global") ? 0 : 1) : counter.meaning.isCounter ? 2 : 3
            )
        }
        for counter in candidates.sorted(by: { rank($0) < rank($1) }) {
            guard let values = counter.whole else { continue }
            let isOfImages = counter.meaning.kind == .counter(.images)
            let rounded = values.map { Int($0.rounded()) }
            // Thousands of images may have fractions; rounding must not make values equal.
            guard !isOfImages || zip(rounded, rounded.dropFirst()).count(where: { $0 == $1 }) * 10 <= rounded.count
            else {
                continue
            }
            let runsOn = counters.contains { $0.meaning.kind == .counter(.epoch) && counter.runsOn(over: $0) }
            // An epoch in every row shows where epochs end, and the counter drops elsewhere.
            let hasEpochs = counters.contains { $0.meaning.kind == .counter(.epoch) && $0.coverage >= 0.9 }
            let isInner =
                counter.meaning.kind == .counter(.batch) && !runsOn && !hasEpochs
                || counter.name.hasPrefix(LogTable.unnamedCounter)
            // A single unnamed counter, `[3/100]`, may count epochs; the second of two counts batches, of the first
            // epoch or of the one from which a run was resumed.
            let first = "\(LogTable.unnamedCounter)1"
            let epoch = counters.first { $0.meaning.kind == .counter(.epoch) || $0.name == first }
            let isOfEpoch =
                (counter.meaning.kind == .counter(.batch)
                    || (isInner && counter.total != nil && counter.name != first))
                && (epoch?.values.first ?? nil) ?? 0 <= 1
            return Axis(
                values: rounded, unit: isOfImages ? .kimg : .step, name: counter.name,
                cycles: isInner ? 1 : cyclesOfSteps, countsUpdates: isOfEpoch)
        }
        return nil
    }

    private static func byEpochsAndBatches(_ counters: [Filled], _ rows: [Int]) -> Axis? {
        guard rows.count > 1 else { return nil }
        let named = counters.first { $0.meaning.kind == .counter(.epoch) && $0.rises > 0 }
        // A line that ends an epoch, `Epoch 3/100 completed`, is less informative than `[3/100][10/938]` in every row.
        let epoch = named.flatMap { $0.coverage >= 0.5 ? $0 : nil } ?? unnamed(counters) ?? named
        guard let epoch, let epochs = epoch.whole else { return nil }
        let inner = counters.first { counter in
            guard counter.name != epoch.name, counter.coverage >= 0.9 else { return false }
            switch counter.meaning.kind {
            case .counter(.batch), .counter(.step): break
            default: guard counter.name.hasPrefix(LogTable.unnamedCounter) else { return false }
            }
            // A counter that rises less often than the epoch is a stage.
            return counter.rises > 0 && 2 * counter.rises >= epoch.rises
        }
        guard let inner, let batches = inner.whole else { return nil }
        // The epoch's length: the counter's total, or the highest value that it reached.
        let reached = batches.max() ?? 1
        let length = max(inner.total ?? 0, reached + (batches.min() == 0 ? 1 : 0))
        let first = epochs.min() ?? 0
        guard length >= 1, length * ((epochs.max() ?? 1) - first + 2) < largest else { return nil }
        let values = zip(epochs, batches).map { Int((($0 - first) * length + $1).rounded()) }
        // Steps count as the run's first updates only if the log starts with the first epoch, because a later start means
        // a resumed run, and if it has few epochs, because many short epochs say more than their batches.
        let begins = first <= 1 && (epochs.max() ?? 0) - first <= 1
        return Axis(
            values: values, unit: .step, name: "\(epoch.name)” and “\(inner.name)", isDerived: true,
            countsUpdates: begins,
            epochs: Continuation.Epochs(
                epoch: epoch.name, inner: inner.name, first: first, length: length,
                isLengthKnown: inner.total != nil && reached <= inner.total ?? 0))
    }

    /// The first of two unnamed counters, `[3/100][10/938]`, if it rises and hardly ever drops.
    private static func unnamed(_ counters: [Filled]) -> Filled? {
        let unnamed = counters.filter { $0.name.hasPrefix(LogTable.unnamedCounter) }
        guard unnamed.count >= 2, let first = unnamed.first, first.rises > 0, first.drops <= 3 else { return nil }
        return first
    }

    /// Whether each row holds all losses rather than one of them, so that two rows of an epoch are two points in time.
    private static func areWhole(_ table: LogTable, _ rows: [Int]) -> Bool {
        let most = table.columns.filter(\.meaning.isLoss).map(\.rows.count).max() ?? 0
        return 10 * most > 6 * rows.count
    }

    private static func byEpochs(_ counters: [Filled], _ rows: [Int], areWhole: Bool) -> Axis? {
        let epoch = counters.first { $0.meaning.kind == .counter(.epoch) && ($0.rises > 0 || rows.count == 1) }
        guard let epoch, let values = epoch.whole else { return nil }
        // With several rows per epoch and no counter between them, the rows are the steps.
        let least = Double(rows.count - 2) * (areWhole ? 0.75 : 0.5)
        guard Double(epoch.rises) >= least || rows.count == 1 else { return nil }
        guard values.allSatisfy({ $0 == $0.rounded() }) else { return nil }
        return Axis(values: values.map { Int($0) }, unit: .epoch, name: epoch.name)
    }

    /// Places the kept rows. Rows between the rows of interest belong to the step before them.
    private mutating func place(_ kept: [(row: Int, step: Int)], of rows: [Int]) {
        for (row, step) in kept { steps[row] = step }
        let replaced = Set(rows.filter { steps[$0] == nil })
        var newest: Int?
        var isReplaced = false
        for row in steps.indices {
            if let step = steps[row] {
                newest = step
                isReplaced = false
            } else if replaced.contains(row) {
                isReplaced = true
            } else if !isReplaced {
                steps[row] = newest
            }
        }
    }
}
