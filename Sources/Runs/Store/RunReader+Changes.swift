public import Diagnostics
public import Foundation
import GRDB
public import Measurements

/// The position up to which a reader has followed a run that is being written.
public struct RunPlace: Sendable, Equatable, CustomStringConvertible {
    /// The number of times the run was resumed; each time, everything recorded after the checkpoint is deleted.
    public var generation: Int
    /// The newest step read.
    public var step: Int
    /// The newest sheet read.
    public var sheet: Int64

    /// The position as text, `generation.step.sheet`.
    public var description: String { "\(generation).\(step).\(sheet)" }

    /// Parses the output of ``description``; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).compactMap { Int64($0) }
        guard parts.count == 3, parts.allSatisfy({ $0 >= 0 }) else { return nil }
        (generation, step, sheet) = (Int(parts[0]), Int(parts[1]), parts[2])
    }

    init(generation: Int, step: Int, sheet: Int64) {
        self.generation = generation
        self.step = step
        self.sheet = sheet
    }
}

/// A sheet of samples, with a number that identifies it during the run.
public struct NumberedSheet: Sendable, Equatable {
    public var number: Int64
    public var record: SheetRecord
}

/// The changes of a run since a position.
public struct RunChanges: Sendable {
    /// The position after these changes.
    public var place: RunPlace
    /// Whether the changes cannot be listed, because the run was resumed or there are too many: the reader must start
    /// over.
    public var isReset = false
    /// The new points. Those of the last step read may be included again, since the values of a step need not arrive
    /// together.
    public var series: [SeriesName: [(step: Int, value: Double)]] = [:]
    public var sheets: [NumberedSheet] = []
    public var status = RunOutcome.running
    /// The epoch, images seen and time of the newest step; its value is unused.
    public var newest: SeriesPoint?
    /// All findings of the live run.
    public var findings: [FindingRecord] = []
}

extension RunReader {
    /// Returns the current position of the run.
    public func place() throws -> RunPlace { try read(RunReader.place) }

    /// Returns the changes since a position.
    ///
    /// - Parameter limit: the maximum number of new points per series; if there are more, the result is a reset.
    public func changes(since place: RunPlace?, limit: Int) throws -> RunChanges {
        let isHeld = RunLock.isHeld(folder)
        return try read { database in
            var changes = RunChanges(place: try RunReader.place(database))
            let outcome = try RunWriter.metadata(database).outcome
            changes.status = outcome == .running && !isHeld ? .interrupted : outcome
            changes.findings = try RunReader.findings(database)
            changes.newest = try RunReader.milestone(atOrAfter: changes.place.step, database)
            guard let place, place.generation == changes.place.generation, place.step <= changes.place.step,
                place.sheet <= changes.place.sheet
            else {
                changes.isReset = true
                return changes
            }
            let statement = try database.cachedStatement(
                sql: """
                    SELECT CAST(step AS INTEGER), CAST(value AS REAL) FROM point
                    WHERE series_id = ? AND step BETWEEN ? AND \(Blocks.mostSteps) ORDER BY point.step LIMIT ?
                    """)
            for series in try RunReader.series(database) {
                let rows = try Row.fetchAll(statement, arguments: [series.identifier, place.step, limit + 2])
                guard rows.count <= limit + 1 else {
                    changes.isReset = true
                    changes.series = [:]
                    return changes
                }
                if !rows.isEmpty { changes.series[series.name] = rows.map { ($0[0], $0[1] as Double? ?? .nan) } }
            }
            changes.sheets = try RunReader.sheets(after: place.sheet, database)
            return changes
        }
    }

    /// Returns the sheets with their numbers, in step order.
    public func numberedSheets() throws -> [NumberedSheet] { try read { try RunReader.sheets(after: 0, $0) } }

    /// Returns the file of the sheet with a number; `nil` if there is no such sheet.
    public func sheetFile(_ number: Int64) throws -> URL? {
        try read {
            try String.fetchOne(
                $0, sql: "SELECT CAST(file AS TEXT) FROM sample_sheet WHERE rowid = ?", arguments: [number])
        }
        .flatMap(folder.file(relative:))
    }

    /// Calls `body` with the values of a series one by one, so that memory use does not grow with the run.
    public func visit(_ series: SeriesName, after step: Int? = nil, _ body: (_ step: Int, _ value: Double) -> Void)
        throws
    {
        try read { database in
            guard let identifier = try RunReader.identifiers(database)[series] else { return }
            let first = step.map { min($0, Blocks.mostSteps) + 1 } ?? 0
            guard first <= Blocks.mostSteps else { return }
            let rows = try Blocks.points(of: identifier, in: first...Blocks.mostSteps, database)
            while let row = try rows.next() { body(row[0], row[1] as Double? ?? .nan) }
        }
    }

    private static func place(_ database: Database) throws -> RunPlace {
        RunPlace(
            generation: try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM event WHERE kind = 'resumed'") ?? 0,
            step: try Int.fetchOne(
                database,
                sql: "SELECT CAST(MAX(step) AS INTEGER) FROM step WHERE step BETWEEN 0 AND \(Blocks.mostSteps)") ?? 0,
            sheet: try Int64.fetchOne(database, sql: "SELECT MAX(rowid) FROM sample_sheet") ?? 0)
    }

    static func sheets(after number: Int64, _ database: Database) throws -> [NumberedSheet] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT rowid, CAST(step AS INTEGER), CAST(epoch AS INTEGER), CAST(images_seen AS INTEGER),
                    CAST(file AS TEXT), CAST(wall_time AS REAL)
                FROM sample_sheet WHERE rowid > ? AND step IS NOT NULL AND file IS NOT NULL
                ORDER BY sample_sheet.step, sample_sheet.file
                """,
            arguments: [number]
        ).map { row in
            NumberedSheet(
                number: row[0],
                record: SheetRecord(
                    step: row[1], epoch: row[2] ?? 0, imagesSeen: row[3] ?? 0, file: row[4], wallTime: row[5] ?? 0))
        }
    }

    /// Returns the first step at or after the given one; `nil` if there is none.
    public func step(atOrAfter step: Int) throws -> Int? {
        try read {
            try Int.fetchOne(
                $0, sql: "SELECT CAST(MIN(step) AS INTEGER) FROM step WHERE step BETWEEN ? AND \(Blocks.mostSteps)",
                arguments: [step])
        }
    }
}
