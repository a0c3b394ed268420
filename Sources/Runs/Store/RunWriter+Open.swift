public import Foundation
import GRDB
public import Recipes

extension RunWriter {
    /// Creates and locks the folder of a new run, and writes its configuration and metadata.
    ///
    /// - Parameters:
    ///   - runsDirectory: the folder of all runs; created if missing.
    ///   - configuration: the resolved configuration.
    ///   - metadata: the circumstances of the run. If its identifier is taken, the run gets another one.
    ///   - label: a label that replaces that of the metadata.
    /// - Throws: ``RunStoreError``; in this case no files are left behind.
    public static func create(
        in runsDirectory: URL, configuration: TrainingConfiguration, metadata: RunMetadata, label: String? = nil
    ) throws -> RunWriter {
        try create(
            in: runsDirectory,
            Settings(
                yaml: configuration.yaml,
                rows: TrainingConfiguration.keys.map { ($0.path, $0.read(configuration).description) }),
            metadata, label)
    }

    /// Creates and locks the folder of a run that another program trains.
    ///
    /// - Parameters:
    ///   - runsDirectory: the folder of all runs; created if missing.
    ///   - parameters: the program's own parameters, by name.
    ///   - metadata: the circumstances of the run; its ``RunMetadata/program`` states what is known of the program.
    ///   - label: a label that replaces that of the metadata.
    /// - Throws: ``RunStoreError``; in this case no files are left behind.
    public static func create(
        in runsDirectory: URL, parameters: [String: String], metadata: RunMetadata, label: String? = nil
    ) throws -> RunWriter {
        let rows = parameters.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        return try create(in: runsDirectory, Settings(yaml: yaml(rows), rows: rows), metadata, label)
    }

    /// What a run was trained with, as it is stored.
    private struct Settings {
        let yaml: String
        let rows: [(name: String, value: String)]
    }

    /// Parameters as YAML; every value is a quoted string, since their types are unknown.
    static func yaml(_ parameters: [(name: String, value: String)]) -> String {
        func quoted(_ text: String) -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
        }
        return parameters.map { "\(quoted($0.name)): \(quoted($0.value))\n" }.joined()
    }

    private static func create(
        in runsDirectory: URL, _ settings: Settings, _ metadata: RunMetadata, _ label: String?
    ) throws -> RunWriter {
        var metadata = metadata
        metadata.label = label ?? metadata.label
        metadata.outcome = .running
        metadata.end = nil
        removeLeftovers(in: runsDirectory)
        // Set up the run under a temporary name and rename it when complete, so that a killed process leaves no partial
        // run.
        let unfinished = RunFolder(
            runsDirectory.appendingPathComponent(".\(metadata.id.text)-\(UUID().uuidString)", isDirectory: true))
        defer { try? FileManager.default.removeItem(at: unfinished.directory) }
        do {
            for directory in [unfinished.samples, unfinished.checkpoints] {
                try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            }
            let folderLock = try RunLock(unfinished)
            try Data(settings.yaml.utf8).write(to: unfinished.configuration)
            let folder = try place(unfinished, in: runsDirectory, &metadata) { try fill($0, settings, $1) }
            return RunWriter(folder: folder, database: try open(folder), folderLock: folderLock)
        } catch {
            if error is RunStoreError { throw error }
            throw RunStoreError.failed(
                "The run folder cannot be created in \(runsDirectory.path): \(reason(error)); "
                    + "check its permissions and the free space, or choose another folder with --runs.")
        }
    }

    /// Removes the remains of processes that were killed while setting up a run.
    ///
    /// Only folders that are unlocked and have not been touched for an hour are removed: another process may be about
    /// to lock its own.
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

    /// Writes the database of a new run.
    private static func fill(
        _ folder: RunFolder, _ settings: Settings, _ metadata: RunMetadata
    ) throws {
        let database = try open(folder)
        try database.write { database in
            try save(metadata, database)
            for (name, value) in settings.rows {
                try database.execute(
                    sql: "INSERT INTO configuration (path, value) VALUES (?, ?)", arguments: [name, value])
            }
        }
        try database.close()
    }

    /// Renames a prepared run to its identifier, or to another one if that is taken.
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
                    // If another process has taken the name by now, the move fails.
                    try FileManager.default.moveItem(at: unfinished.directory, to: folder.directory)
                    return folder
                } catch {
                    guard FileManager.default.fileExists(atPath: folder.directory.path) else { throw error }
                }
            }
            metadata.id = RunIdentifier(date: metadata.start)
        }
        throw RunStoreError.failed(
            "No free run name was found in \(runsDirectory.path); wait a second, or choose another folder with --runs."
        )
    }

    /// Reopens a run that has ended, to continue after a step.
    ///
    /// Everything recorded after that step is deleted, including the files of its sample sheets, so that the curves
    /// continue smoothly. Files of later checkpoints and notes are kept.
    ///
    /// - Parameters:
    ///   - folder: the run's folder.
    ///   - lastStep: returns the last step to keep, such as that of the newest checkpoint. It is called after the
    ///     folder is locked, so that nobody else can write to the run; if it throws, the run is left unchanged.
    /// - Throws: ``RunStoreError/inUse(folder:process:)`` if the run is being written, or another ``RunStoreError``.
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

    /// Deletes everything after a step and marks the run as running; returns the files of the deleted sheets.
    private static func truncate(_ database: Database, after step: Int) throws -> [String] {
        let files = try String.fetchAll(
            database, sql: "SELECT file FROM sample_sheet WHERE step > ?", arguments: [step])
        // Delete series by series, because the table is ordered by series and then by step.
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

    /// Opens the database for writing, in write-ahead mode, and migrates it to the newest schema.
    private static func open(_ folder: RunFolder) throws -> DatabaseQueue {
        var options = GRDB.Configuration()
        options.journalMode = .wal
        options.busyMode = .timeout(5)
        options.label = "equipoise.run"
        let exists = folder.exists
        let database = try DatabaseQueue.open(folder.database.path, options)
        // A commit must be on disk when it returns, since a checkpoint must never be newer than the series of its run.
        // In write-ahead mode, GRDB's default is NORMAL.
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
    /// The text without a final period, for use inside a sentence.
    var trimmedPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}

extension DatabaseError {
    /// Returns the error as a message for people.
    func inPlainWords(_ file: URL) -> RunStoreError {
        switch resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            .damaged(file, reason: message ?? "it is damaged")
        case .SQLITE_ERROR:
            .damaged(file, reason: message ?? "its tables are not those of a run")
        default:
            .failed(
                "The database \(file.path) cannot be used: \(message ?? "\(resultCode)"); check the folder and its permissions."
            )
        }
    }
}
