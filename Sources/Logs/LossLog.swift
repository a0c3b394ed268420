import Measurements

/// What another program has logged of a training, in whatever format: its series by the names that it gave them, and what they are.
public struct LossLog: Sendable {
    /// The files that were read.
    public let source: String
    /// The columns of numbers, as they are named in the log.
    public let names: [String]
    /// Which column holds which series.
    public let mapping: ColumnMapping
    /// What a step of the log is: `step`, `epoch`, `row` or `kimg`.
    public let unit: String
    /// How many rows hold something to judge.
    public let rowCount: Int
    /// Sentences about what was understood.
    public internal(set) var notes: [String]
    /// What is odd about the files but does not keep them from being read.
    public internal(set) var warnings: [String]

    private let table: LogTable
    let axis: StepAxis

    init(_ file: LogFile, assignments: [String]) throws {
        let table = file.table
        self.table = table
        mapping = try ColumnMapping(table, assignments: assignments)
        source = file.name
        names = table.columns.map(\.name)
        let used = mapping.players.flatMap { $0.columns.values } + mapping.scores.values
        let rows = LossLog.rows(
            of: mapping.players.isEmpty ? used : mapping.players.flatMap { $0.columns.values }, table)
        let axis = StepAxis(table, rows: rows, losses: LossLog.losses(of: mapping, table, rows))
        self.axis = axis
        unit = axis.unit.rawValue
        rowCount = used.map { LossLog.stepCount(of: $0, table, axis) }.max() ?? 0
        notes = table.notes + mapping.notes + axis.notes
        warnings = file.warnings
    }

    /// The values of a column with their steps; empty if there is none of that name.
    public func values(_ name: String) -> [(step: Int, value: Double)] {
        guard let place = table.place(of: name) else { return [] }
        let column = table.columns[place]
        var points: [(step: Int, value: Double)] = []
        points.reserveCapacity(column.values.count)
        for (row, value) in zip(column.rows, column.values) {
            guard let step = axis.steps[Int(row)] else { continue }
            // Of several values of a step the last one counts.
            if let last = points.last, last.step == step { points.removeLast() }
            points.append((step, value))
        }
        return points
    }

    /// At how many steps a column has values. Steps never fall from row to row.
    private static func stepCount(of name: String, _ table: LogTable, _ axis: StepAxis) -> Int {
        guard let place = table.place(of: name) else { return 0 }
        var newest: Int?
        return table.columns[place].rows.count { row in
            guard let step = axis.steps[Int(row)], step != newest else { return false }
            newest = step
            return true
        }
    }

    /// A loss of each player at each of some rows; NaN where there is none.
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

    /// The rows that hold any of some columns.
    private static func rows(of names: [String], _ table: LogTable) -> [Int] {
        var isHeld = [Bool](repeating: false, count: table.rowCount)
        for name in names {
            guard let place = table.place(of: name) else { continue }
            for row in table.columns[place].rows { isHeld[Int(row)] = true }
        }
        return isHeld.indices.filter { isHeld[$0] }
    }
}

/// What is wrong with a log, as one plain sentence.
public struct LogError: Error, CustomStringConvertible, Equatable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
