public import Foundation
import GRDB
public import Recipes

extension RunWriter {
    /// Makes a new run's folder, locks it, and writes its configuration and metadata.
    ///
    /// - Parameters:
    ///   - runsDirectory: The folder of all runs; made if it is missing.
    ///   - configuration: The resolved configuration.
    ///   - metadata: The run's circumstances. If its identifier is taken, the run gets another one.
    ///   - label: A label for people, in place of the metadata's.
    /// - Throws: ``RunStoreError``; nothing is left behind then.
    public static func create(
        in runsDirectory: URL, configuration: TrainingConfiguration, metadata: RunMetadata, label: String? = nil
    ) throws -> RunWriter {
        var metadata = metadata
        metadata.label = label ?? metadata.label
        metadata.outcome = .running
        metadata.end = nil
        removeLeftovers(in: runsDirectory)
        // Set up beside and renamed when it is whole, so that a process killed in between leaves no half a run.
        let unfinished = RunFolder(
            runsDirectory.appendingPathComponent(".\(metadata.id.text)-\(UUID().uuidString)", isDirectory: true))
        defer { try? FileManager.default.removeItem(at: unfinished.directory) }
        do {
            for directory in [unfinished.samples, unfinished.checkpoints] {
                try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            }
            let folderLock = try RunLock(unfinished)
            try Data(configuration.yaml.utf8).write(to: unfinished.configuration)
            let folder = try place(unfinished, in: runsDirectory, &metadata) { try fill($0, configuration, $1) }
            return RunWriter(folder: folder, database: try open(folder), folderLock: folderLock)
        } catch {
            if error is RunStoreError { throw error }
            throw RunStoreError.failed(
                "A run's folder cannot be made in \(runsDirectory.path): \(reason(error)); "
                    + "check its permissions and the space left, or name another folder with --runs.")
        }
    }

    /// Removes what processes that were killed while they set up a run have left behind.
    ///
    /// Only folders that nobody has locked or touched for an hour go: another process may be about to lock its own.
    private static func removeLeftovers(in runsDirectory: URL) {
        let manager = FileManager.default
        for name in (try? manager.contentsOfDirectory(atPath: runsDirectory.path)) ?? [] {
            guard name.hasPrefix("."), UUID(uuidString: String(name.suffix(36))) != nil else { continue }
            let folder = RunFolder(runsDirectory.appendingPathComponent(name, isDirectory: true))
            let changed = try? manager.attributesOfItem(atPath: folder.directory.path)[.modificationDate] as? Date
            guard let changed, changed.timeIntervalSinceNow < -3600, !RunLock.isHeld(folder) else { continue }
            try? manager.removeItem(at: folder.directory)
        }
    }

    /// Writes a new run's database.
    private static func fill(
        _ folder: RunFolder, _ configuration: TrainingConfiguration, _ metadata: RunMetadata
    ) throws {
        let database = try open(folder)
        try database.write { database in
            try save(metadata, database)
            for key in TrainingConfiguration.keys {
                try database.execute(
                    sql: "INSERT INTO configuration (path, value) VALUES (?, ?)",
                    arguments: [key.path, key.read(configuration).description])
            }
        }
        try database.close()
    }

    /// Gives a run that is set up its final name: its identifier's, or another one if that is taken.
    private static func place(
        _ unfinished: RunFolder, in runsDirectory: URL, _ metadata: inout RunMetadata,
        fill: (RunFolder, RunMetadata) throws -> Void
    ) throws -> RunFolder {
        for _ in 0..<100 {
            let folder = RunFolder(runsDirectory.appendingPathComponent(metadata.id.text, isDirectory: true))
            if !FileManager.default.fileExists(atPath: folder.directory.path) {
                try? FileManager.default.removeItem(at: unfinished.database)
                try fill(unfinished, metadata)
                do {
                    // Another process may have taken the name by now; then the move fails.
                    try FileManager.default.moveItem(at: unfinished.directory, to: folder.directory)
                    return folder
                } catch {
                    guard FileManager.default.fileExists(atPath: folder.directory.path) else { throw error }
                }
            }
            metadata.id = RunIdentifier(date: metadata.start)
        }
        throw RunStoreError.failed(
            "No free name for a run was found in \(runsDirectory.path); wait a second, or name another folder with --runs."
        )
    }

    /// Opens a run that has ended, to go on after a step.
    ///
    /// What was recorded after that step is deleted, with the files of those sample sheets, so that the curves continue
    /// without a zigzag. Files of later checkpoints and notes stay.
    ///
    /// - Parameters:
    ///   - folder: The run's folder.
    ///   - lastStep: Says the last step that is kept, such as that of the newest checkpoint. It is asked when the folder
    ///     is locked, so that nobody else writes to the run from then on; if it throws, the run stays as it is.
    /// - Throws: ``RunStoreError/inUse(folder:process:)`` if the run is being written, and others.
    public static func reopen(_ folder: RunFolder, goingOnAfter lastStep: () throws -> Int) throws -> RunWriter {
        guard folder.exists else { throw RunStoreError.notARun(folder.directory) }
        let folderLock = try RunLock(folder)
        let step = try lastStep()
        do {
            let database = try open(folder)
            let files = try database.write { database in try truncate(database, after: step) }
            for file in files.compactMap(folder.file(relative:)) { try? FileManager.default.removeItem(at: file) }
            return RunWriter(folder: folder, database: database, folderLock: folderLock)
        } catch let error as DatabaseError {
            throw error.inPlainWords(folder.database)
        }
    }

    /// Deletes what comes after a step and marks the run as running; answers the files of the deleted sheets.
    private static func truncate(_ database: Database, after step: Int) throws -> [String] {
        let files = try String.fetchAll(
            database, sql: "SELECT file FROM sample_sheet WHERE step > ?", arguments: [step])
        // A series at a time, because a table's order is by series and then by step.
        for series in try Int64.fetchAll(database, sql: "SELECT id FROM series") {
            try database.execute(
                sql: "DELETE FROM point WHERE series_id = ? AND step > ?", arguments: [series, step])
            let block = PointBlock.number(of: step)
            try database.execute(
                sql: "DELETE FROM block WHERE series_id = ? AND number > ?", arguments: [series, block])
            try Blocks.renew(block, of: series, database)
        }
        for table in ["step", "sample_sheet", "checkpoint", "bins", "classes"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE step > ?", arguments: [step])
        }
        try database.execute(sql: "DELETE FROM diagnosis")
        try database.execute(sql: "DELETE FROM finding WHERE opened_step > ?", arguments: [step])
        try database.execute(sql: "UPDATE finding SET closed_step = NULL WHERE closed_step > ?", arguments: [step])
        var metadata = try metadata(database)
        metadata.outcome = .running
        metadata.end = nil
        try save(metadata, database)
        try database.execute(
            sql: "INSERT INTO event (wall_time, step, kind, message) VALUES (?, ?, 'resumed', ?)",
            arguments: [Date().timeIntervalSince1970, step, "The run continues after step \(step)."])
        return files
    }

    /// Opens the database for writing, in write-ahead mode, and brings it to the newest schema.
    private static func open(_ folder: RunFolder) throws -> DatabaseQueue {
        var options = GRDB.Configuration()
        options.journalMode = .wal
        options.busyMode = .timeout(5)
        options.label = "equipoise.run"
        let exists = folder.exists
        let database = try DatabaseQueue.open(folder.database.path, options)
        // A commit is on the disk when it returns: a checkpoint must never be newer than its run's series. GRDB chooses
        // NORMAL for write-ahead mode.
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        if exists { try database.read { try RunSchema.check($0, at: folder.database) } }
        try RunSchema.migrator.migrate(database)
        return database
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? DatabaseError { return error.message ?? "\(error.resultCode)" }
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        return (cause ?? error as NSError).localizedDescription.trimmedPeriod
    }
}

extension String {
    /// The text without a full stop at its end, to stand inside a sentence.
    var trimmedPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}

extension DatabaseError {
    /// The error for people.
    func inPlainWords(_ file: URL) -> RunStoreError {
        switch resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            .damaged(file, reason: message ?? "it is damaged")
        case .SQLITE_ERROR:
            .damaged(file, reason: message ?? "its tables are not a run's")
        default:
            .failed(
                "The database \(file.path) cannot be used: \(message ?? "\(resultCode)"); check the folder and its permissions."
            )
        }
    }
}
