public import Diagnostics
import Foundation
import GRDB
public import Recipes

/// Reads a run, while it is being written or afterwards.
///
/// Every call opens the database read-only and closes it again, so that a reader never prevents a writer from ending
/// its run. A call takes about a millisecond and sees one consistent state. All methods can be called from any thread.
///
/// ```swift
/// let reader = try RunReader(RunFolder(url))
/// let fresh = try reader.points(of: .lossGenerator, after: lastSeenStep)
/// ```
public struct RunReader: Sendable {
    /// The run's folder.
    public let folder: RunFolder

    /// Creates a reader of a run.
    ///
    /// - Throws: ``RunStoreError`` if there is no run, if a newer version wrote it, or if it is damaged.
    public init(_ folder: RunFolder) throws {
        guard folder.exists else { throw RunStoreError.notARun(folder.directory) }
        self.folder = folder
        try read { _ in }
    }

    /// Creates a reader without checking that the folder contains a run; reading throws if it does not.
    init(unchecked folder: RunFolder) { self.folder = folder }

    /// Returns the outcome of the run: ``RunOutcome/interrupted`` if it was never ended and its writer is gone.
    public func status() throws -> RunOutcome { try metadata().outcome }

    /// Returns the run's metadata, with ``status()`` as its outcome.
    public func metadata() throws -> RunMetadata {
        // Check the lock first, so that a run that ends in between shows its true outcome.
        let isHeld = RunLock.isHeld(folder)
        var metadata = try read { try RunWriter.metadata($0) }
        if metadata.outcome == .running, !isHeld { metadata.outcome = .interrupted }
        return metadata
    }

    /// Returns the sheets of samples, in step order.
    public func sheets() throws -> [SheetRecord] {
        try read { database in
            try RunReader.sheets(after: Int64.min, database).map(\.record)
        }
    }

    /// Returns the checkpoints, in step order.
    public func checkpoints() throws -> [CheckpointRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT CAST(step AS INTEGER), CAST(epoch AS INTEGER), CAST(folder AS TEXT), CAST(wall_time AS REAL)
                    FROM checkpoint WHERE step IS NOT NULL ORDER BY checkpoint.step, checkpoint.folder
                    """
            ).map {
                CheckpointRecord(
                    step: $0[0], epoch: $0[1] ?? 0, folder: $0[2] ?? "", wallTime: $0[3] ?? 0)
            }
        }
    }

    /// Returns the notes, in the order in which they were recorded.
    public func notes() throws -> [RunNote] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT CAST(wall_time AS REAL), CAST(step AS INTEGER), CAST(kind AS TEXT), CAST(message AS TEXT)
                    FROM event ORDER BY id
                    """
            ).map { RunNote(wallTime: $0[0] ?? 0, step: $0[1], kind: $0[2] ?? "", message: $0[3] ?? "") }
        }
    }

    /// Returns the findings of the live run, in the order in which they opened; empty for a run of a version without
    /// findings.
    public func findings() throws -> [FindingRecord] {
        try read(RunReader.findings)
    }

    static func findings(_ database: Database) throws -> [FindingRecord] {
        guard try database.tableExists("finding") else { return [] }
        return try Row.fetchAll(
            database,
            sql: """
                SELECT CAST(document AS TEXT), CAST(opened_step AS INTEGER), CAST(closed_step AS INTEGER) FROM finding
                WHERE opened_step IS NOT NULL ORDER BY opened_step, pattern
                """
        ).compactMap { row in
            // A finding that this version cannot decode, such as one of an unknown pattern, must not hide the others.
            guard let document = row[0] as String?,
                let finding = try? JSONDecoder().decode(Finding.self, from: Data(document.utf8))
            else { return nil }
            return FindingRecord(finding: finding, openedStep: row[1], closedStep: row[2])
        }
    }

    /// Calls a closure with one consistent view of the database.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        do {
            return try read(path: folder.database.path, body)
        } catch let error as DatabaseError {
            guard let path = immutablePath(after: error) else { throw error.inPlainWords(folder.database) }
            do {
                return try read(path: path, body)
            } catch let error as DatabaseError {
                throw error.inPlainWords(folder.database)
            }
        }
    }

    private func read<Result>(path: String, _ body: (Database) throws -> Result) throws -> Result {
        var options = GRDB.Configuration()
        options.readonly = true
        options.busyMode = .timeout(5)
        let database = try DatabaseQueue.open(path, options)
        defer { try? database.close() }
        return try database.read {
            try RunSchema.check($0, at: folder.database)
            return try body($0)
        }
    }

    /// Returns a path that opens the database as an immutable file, for a run that ended in write-ahead mode in a
    /// folder without write permission. Returns `nil` for other errors, if the run is being written, or if its log is
    /// not empty.
    private func immutablePath(after error: DatabaseError) -> String? {
        guard error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY, !RunLock.isHeld(folder)
        else { return nil }
        let log = folder.database.path + "-wal"
        if let size = try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int, size > 0 { return nil }
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove(charactersIn: "?#%")
        guard let path = folder.database.path.addingPercentEncoding(withAllowedCharacters: allowed) else { return nil }
        return "file:\(path)?immutable=1"
    }
}
