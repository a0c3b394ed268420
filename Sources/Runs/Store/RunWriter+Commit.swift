import Diagnostics
import Foundation
import GRDB
import Measurements

extension RunWriter {
    /// Writes all pending entries in one transaction. Runs on the writer's queue.
    func commit() throws {
        let batch = lock.withLock {
            let batch = state.pending
            state.pending = []
            return RunWriter.withoutOldDiagnoses(batch)
        }
        guard !batch.isEmpty else { return }
        do {
            var identifiers = seriesIdentifiers
            try write { database in
                for entry in batch { try RunWriter.insert(entry, database, &identifiers) }
                try RunWriter.renewBlocks(after: batch, database, identifiers)
            }
            // Only after success: a failed transaction also rolls back the series that it created.
            seriesIdentifiers = identifiers
            report(nil)
        } catch {
            lock.withLock { state.pending = batch + state.pending }
            report("\(error)")
            throw error
        }
    }

    /// Runs a transaction on the writer's queue; throws errors in plain words.
    func write(_ body: (Database) throws -> Void) throws {
        guard let database else { throw RunStoreError.closed(folder.directory) }
        guard folderLock?.isInPlace(folder) == true else {
            throw RunStoreError.failed(
                "The run's folder \(folder.directory.path) was moved or deleted while it was being written; move it back. "
                    + "Everything recorded since is kept in memory.")
        }
        do {
            try database.write(body)
        } catch let error as DatabaseError {
            throw RunStoreError.failed(
                "The database \(folder.database.path) cannot be written: \(error.message ?? "\(error.resultCode)"); "
                    + RunWriter.advice(error))
        }
    }

    private static func advice(_ error: DatabaseError) -> String {
        switch error.resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR:
            "free some disk space. Recorded data is kept in memory and written as soon as possible."
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            "another program is using it. Recorded data is kept in memory and written as soon as possible."
        default:
            "check the folder. Recorded data is kept in memory, and writing is retried."
        }
    }

    /// Notifies the observer when the current problem changes or is resolved.
    private func report(_ problem: String?) {
        let observer = lock.withLock { () -> (@Sendable (String?) -> Void)? in
            guard state.problem != problem else { return nil }
            state.problem = problem
            return state.onProblem
        }
        observer?(problem)
    }

    private static func insert(
        _ entry: Entry, _ database: Database, _ identifiers: inout [SeriesName: Int64]
    ) throws {
        switch entry {
        case .measurement(let measurement):
            try insert(measurement, database, &identifiers)
        case .sheet(let sheet):
            try database.cachedStatement(
                sql:
                    "INSERT OR REPLACE INTO sample_sheet (file, step, epoch, images_seen, wall_time) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [sheet.file, sheet.step, sheet.epoch, sheet.imagesSeen, sheet.wallTime])
        case .checkpoint(let checkpoint):
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO checkpoint (folder, step, epoch, wall_time) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [checkpoint.folder, checkpoint.step, checkpoint.epoch, checkpoint.wallTime])
        case .removedCheckpoint(let folder):
            try database.execute(sql: "DELETE FROM checkpoint WHERE folder = ?", arguments: [folder])
        case .bins(let record):
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO bins (step, document) VALUES (?, ?)")
                .execute(arguments: [record.step, String(decoding: try JSONEncoder().encode(record), as: UTF8.self)])
        case .diagnosis(let record):
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO diagnosis (id, is_final, rules, document) VALUES (1, ?, ?, ?)"
            ).execute(
                arguments: [
                    record.isFinal, record.rules, String(decoding: try JSONEncoder().encode(record), as: UTF8.self),
                ])
        case .classes(let record):
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO classes (step, document) VALUES (?, ?)")
                .execute(arguments: [record.step, String(decoding: try JSONEncoder().encode(record), as: UTF8.self)])
        case .note(let note):
            try database.cachedStatement(
                sql: "INSERT INTO event (wall_time, step, kind, message) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [note.wallTime, note.step, note.kind, note.message])
        case .finding(let record):
            let document = String(decoding: try JSONEncoder().encode(record.finding), as: UTF8.self)
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO finding (pattern, opened_step, closed_step, document) VALUES (?, ?, ?, ?)"
            ).execute(
                arguments: [record.finding.pattern.rawValue, record.openedStep, record.closedStep, document])
        }
    }

    /// Removes all diagnoses except the newest.
    private static func withoutOldDiagnoses(_ batch: [Entry]) -> [Entry] {
        func isDiagnosis(_ entry: Entry) -> Bool { if case .diagnosis = entry { true } else { false } }
        guard let newest = batch.lastIndex(where: isDiagnosis) else { return batch }
        return batch.indices.filter { $0 >= newest || !isDiagnosis(batch[$0]) }.map { batch[$0] }
    }

    /// Recomputes the blocks affected by a batch.
    private static func renewBlocks(
        after batch: [Entry], _ database: Database, _ identifiers: [SeriesName: Int64]
    ) throws {
        var touched: [Int64: Set<Int>] = [:]
        for case .measurement(let measurement) in batch {
            let number = PointBlock.number(of: measurement.step)
            for (series, _) in measurement.values {
                if let identifier = identifiers[series] { touched[identifier, default: []].insert(number) }
            }
        }
        for (series, numbers) in touched {
            for number in numbers { try Blocks.renew(number, of: series, database) }
        }
    }

    private static func insert(
        _ measurement: StepRecord, _ database: Database, _ identifiers: inout [SeriesName: Int64]
    ) throws {
        try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO step (step, epoch, images_seen, wall_time) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [measurement.step, measurement.epoch, measurement.imagesSeen, measurement.wallTime])
        for (series, value) in measurement.values {
            let identifier = try identifier(of: series, database, &identifiers)
            // Convert NaN to NULL explicitly, instead of relying on how a library binds NaN.
            let stored: Double? = value.isNaN ? nil : value
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO point (series_id, step, value) VALUES (?, ?, ?)"
            ).execute(arguments: [identifier, measurement.step, stored])
        }
    }

    private static func identifier(
        of series: SeriesName, _ database: Database, _ identifiers: inout [SeriesName: Int64]
    ) throws -> Int64 {
        if let known = identifiers[series] { return known }
        try database.execute(sql: "INSERT OR IGNORE INTO series (name) VALUES (?)", arguments: [series.rawValue])
        guard
            let identifier = try Int64.fetchOne(
                database, sql: "SELECT id FROM series WHERE name = ?", arguments: [series.rawValue])
        else { throw RunStoreError.failed("The series “\(series)” cannot be stored; rename it.") }
        identifiers[series] = identifier
        return identifier
    }

    static func metadata(_ database: Database) throws -> RunMetadata {
        guard let document = try String.fetchOne(database, sql: "SELECT CAST(document AS TEXT) FROM metadata") else {
            throw RunStoreError.failed("The run's database has no metadata; restore it from a copy.")
        }
        do {
            return try RunMetadata(json: document)
        } catch {
            throw RunStoreError.failed("The run's metadata cannot be read; restore the database from a copy.")
        }
    }

    static func save(_ metadata: RunMetadata, _ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO metadata (id, document) VALUES (1, ?)", arguments: [try metadata.json()])
    }
}
