import Diagnostics

extension LossLog {
    /// Takes further rows of the same log, without a new look at the ones before them.
    ///
    /// - Returns: the new values of each column, or `nil` if the further rows may change the meaning of the earlier
    ///   ones; the log is then unchanged and must be interpreted anew.
    mutating func extend(by file: LogFile) -> [String: [(step: Int, value: Double)]]? {
        let grown = file.table
        guard file.name == source, grown.rowCount >= table.rowCount, grown.columns.count == table.columns.count else {
            return nil
        }
        var first = grown.rowCount
        for (old, new) in zip(table.columns, grown.columns) {
            guard old.name == new.name, new.values.count >= old.values.count else { return nil }
            if new.rows.count > old.rows.count { first = min(first, Int(new.rows[old.rows.count])) }
        }
        // Values that complete an earlier row belong with those before them.
        guard first >= table.rowCount else { return nil }
        var isOfInterest = Set<Int>()
        for name in usedColumns {
            guard let place = grown.place(of: name) else { return nil }
            for row in grown.columns[place].rows[table.columns[place].rows.count...] { isOfInterest.insert(Int(row)) }
        }
        var axis = axis
        guard axis.extend(grown, rows: isOfInterest.sorted()) else { return nil }
        var news: [String: [(step: Int, value: Double)]] = [:]
        for (old, new) in zip(table.columns, grown.columns) where new.values.count > old.values.count {
            news[new.name] = LossLog.points(of: new, from: old.values.count, axis)
        }
        let count = Set(isOfInterest.compactMap { axis.steps[$0] }).count
        (table, self.axis, rowCount) = (grown, axis, rowCount + count)
        return news
    }
}

extension ForeignLog {
    /// Takes further rows of the same log, without a new look at the ones before them.
    ///
    /// - Returns: false if the further rows may change the meaning of the earlier ones; the log is then unchanged and
    ///   must be interpreted anew.
    mutating func extend(by file: LogFile) -> Bool {
        var log = log
        guard let news = log.extend(by: file) else { return false }
        var tails: [SeriesPlan.Series] = []
        for (mapped, own) in zip(log.mapping.players, players) {
            var raw: SeriesPlan.Series = [:]
            for (series, column) in mapped.columns { raw[series] = news[column] }
            guard var tail = own.plan.applied(to: raw) else { return false }
            for (score, column) in log.mapping.scores {
                tail[score.series] = news[column]?.filter { score.admits($0.value) }
            }
            for (name, points) in tail {
                guard let first = points.first, let last = own.series[name]?.last else { continue }
                guard first.step > last.step else { return false }
            }
            tails.append(tail)
        }
        guard tails.count == players.count else { return false }
        self.log = log
        for (index, tail) in tails.enumerated() {
            for (name, points) in tail where !points.isEmpty { players[index].append(name, points) }
        }
        return true
    }
}
