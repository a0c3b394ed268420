import Measurements

/// The log of another program's run in any format: its series under their original names, and their meaning.
public struct LossLog: Sendable {
    /// The files that were read.
    public let source: String
    /// The names of the numeric columns, as in the log.
    public let names: [String]
    /// Which column holds which series.
    public let mapping: ColumnMapping
    /// The unit of a step in the log: `step`, `epoch`, `row` or `kimg`.
    public let unit: String
    /// The number of rows with values to judge.
    public internal(set) var rowCount: Int
    /// Notes on how the log was interpreted.
    public internal(set) var notes: [String]
    /// Problems with the files that did not prevent them from being read.
    public internal(set) var warnings: [String]

    /// The columns whose rows are steps.
    let usedColumns: [String]
    var table: LogTable
    var axis: StepAxis

    init(_ file: LogFile, assignments: [String]) throws {
        let table = file.table
        self.table = table
        mapping = try ColumnMapping(table, assignments: assignments)
        source = file.name
        names = table.columns.map(\.name)
        let used = mapping.players.flatMap { $0.columns.values } + mapping.scores.values
        usedColumns = mapping.players.isEmpty ? used : mapping.players.flatMap { $0.columns.values }
        let rows = LossLog.rows(of: usedColumns, table)
        let axis = StepAxis(table, rows: rows, losses: LossLog.losses(of: mapping, table, rows))
        self.axis = axis
        unit = axis.unit.rawValue
        rowCount = used.map { LossLog.stepCount(of: $0, table, axis) }.max() ?? 0
        notes = table.notes + mapping.notes + axis.notes
        warnings = file.warnings
    }

    /// The values of a column with their steps; empty if no column has that name.
    public func values(_ name: String) -> [(step: Int, value: Double)] {
        guard let place = table.place(of: name) else { return [] }
        return LossLog.points(of: table.columns[place], from: 0, axis)
    }

    /// The values of a column from a position on, with their steps.
    static func points(of column: LogTable.Column, from start: Int, _ axis: StepAxis) -> [(step: Int, value: Double)] {
        var points: [(step: Int, value: Double)] = []
        points.reserveCapacity(column.values.count - start)
        for (row, value) in zip(column.rows[start...], column.values[start...]) {
            guard let step = axis.steps[Int(row)] else { continue }
            // If a step has several values, the last one counts.
            if let last = points.last, last.step == step { points.removeLast() }
            points.append((step, value))
        }
        return points
    }

    /// The number of steps at which a column has values. Steps never fall from row to row.
    private static func stepCount(of name: String, _ table: LogTable, _ axis: StepAxis) -> Int {
        guard let place = table.place(of: name) else { return 0 }
        var newest: Int?
        return table.columns[place].rows.count { row in
            guard let step = axis.steps[Int(row)], step != newest else { return false }
            newest = step
            return true
        }
    }

    /// One loss of each player at each of the given rows; NaN where it is missing.
    private static func losses(of mapping: ColumnMapping, _ table: LogTable, _ rows: [Int]) -> [[Double]] {
        let ofPlayers: [[SeriesName]] = [[.lossDiscriminator, .lossDiscriminatorReal], [.lossGenerator]]
        return ofPlayers.compactMap { names in
            names.lazy.compactMap { mapping.columns[$0] }.first.flatMap(table.place).map {
                values(of: table.columns[$0], rows)
            }
        }
    }

    private static func values(of column: LogTable.Column, _ rows: [Int]) -> [Double] {
        var next = 0
        return rows.map { row in
            while next < column.rows.count, Int(column.rows[next]) < row { next += 1 }
            return next < column.rows.count && Int(column.rows[next]) == row ? column.values[next] : .nan
        }
    }

    /// The rows that have a value in any of the given columns.
    private static func rows(of names: [String], _ table: LogTable) -> [Int] {
        var isHeld = [Bool](repeating: false, count: table.rowCount)
        for name in names {
            guard let place = table.place(of: name) else { continue }
            for row in table.columns[place].rows { isHeld[Int(row)] = true }
        }
        return isHeld.indices.filter { isHeld[$0] }
    }
}

/// A problem with a log, as one plain sentence.
public struct LogError: Error, CustomStringConvertible, Equatable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
