public import Diagnostics
import Foundation
import GRDB
public import Measurements

/// The only writer of a run.
///
/// ``record(_:)-(StepRecord)`` and its siblings only append to memory, which takes microseconds; a background queue
/// commits twice a second, in one short transaction. While commits fail, for example on a full disk, everything is kept
/// in memory and retried, and ``currentProblem`` describes the problem; nothing is lost once space is available again.
///
/// The run's folder is locked while the writer exists, so that there is never a second writer, and so that readers can
/// distinguish a running run from an interrupted one. All methods can be called from any thread.
///
/// ```swift
/// let writer = try RunWriter.create(in: runs, configuration: configuration, metadata: metadata)
/// writer.record(measurement)
/// try writer.finish(.finished)
/// ```
public final class RunWriter: @unchecked Sendable {
    // Unchecked, because the compiler cannot verify that `state` is only accessed under `lock`, and `database`,
    // `folderLock` and `seriesIdentifiers` only on `queue`.

    /// The run's folder.
    public let folder: RunFolder

    /// An entry to be written, in the order of recording.
    enum Entry: Sendable {
        case measurement(StepRecord)
        case sheet(SheetRecord)
        case checkpoint(CheckpointRecord)
        case removedCheckpoint(folder: String)
        case note(RunNote)
        case finding(FindingRecord)
        case bins(BinRecord)
        case diagnosis(DiagnosisRecord)
        case classes(ClassRecord)
    }

    /// The state shared by recording threads and the background queue.
    struct State {
        var pending: [Entry] = []
        var problem: String?
        var onProblem: (@Sendable (String?) -> Void)?
    }

    let lock = NSLock()
    var state = State()

    let queue = DispatchQueue(label: "equipoise.run-writer", qos: .utility)
    var database: DatabaseQueue?
    var folderLock: RunLock?
    var seriesIdentifiers: [SeriesName: Int64] = [:]
    private var timer: (any DispatchSourceTimer)?

    init(folder: RunFolder, database: DatabaseQueue, folderLock: RunLock, interval: TimeInterval = 0.5) {
        self.folder = folder
        self.database = database
        self.folderLock = folderLock
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(50))
        timer.setEventHandler { [weak self] in try? self?.commit() }
        timer.resume()
        self.timer = timer
    }

    deinit {
        timer?.cancel()
        // There are no other references, so the queue is not needed. The run counts as interrupted.
        try? commit()
    }

    /// The problem that currently prevents commits, as a sentence; `nil` if there is none.
    public var currentProblem: String? { lock.withLock { state.problem } }

    /// Sets a closure that is called once with each new problem, and once with `nil` when it is resolved.
    ///
    /// The closure runs on the writer's queue and must not call ``flush()`` or ``finish(_:)``.
    public func observeProblems(_ observer: (@Sendable (String?) -> Void)?) {
        lock.withLock { state.onProblem = observer }
    }

    /// Records the measurements of a step. The values of one step can arrive in several measurements.
    public func record(_ measurement: StepRecord) { append(.measurement(measurement)) }

    /// Records a sheet of samples whose file is already in the run folder.
    public func record(_ sheet: SheetRecord) { append(.sheet(sheet)) }

    /// Records a checkpoint that is already in the run folder.
    public func record(_ checkpoint: CheckpointRecord) { append(.checkpoint(checkpoint)) }

    /// Records a finding; replaces one with the same pattern and opening step, for example when it closes.
    public func record(_ finding: FindingRecord) { append(.finding(finding)) }

    /// Records the distribution of samples over the bins.
    public func record(_ bins: BinRecord) { append(.bins(bins)) }

    /// Records the newest diagnosis, replacing the previous one.
    public func record(_ diagnosis: DiagnosisRecord) { append(.diagnosis(diagnosis)) }

    /// Records the distribution of samples over the data's classes.
    public func record(_ classes: ClassRecord) { append(.classes(classes)) }

    /// Removes the record of the checkpoint at a path relative to the run folder; the caller deletes its files.
    public func removeCheckpoint(folder: String) { append(.removedCheckpoint(folder: folder)) }

    /// Records a notable event, such as a warning, in plain words.
    public func note(_ kind: String, _ message: String, step: Int? = nil) {
        append(.note(RunNote(wallTime: Date().timeIntervalSince1970, step: step, kind: kind, message: message)))
    }

    private func append(_ entry: Entry) { lock.withLock { state.pending.append(entry) } }

    /// Commits everything recorded so far immediately.
    ///
    /// - Throws: ``RunStoreError`` if the commit fails; the entries are kept and retried.
    public func flush() throws { try queue.sync { try commit() } }

    /// Changes the run's metadata, such as the device's description once it is known.
    public func updateMetadata(_ change: (inout RunMetadata) -> Void) throws {
        try queue.sync {
            try write { database in
                var metadata = try RunWriter.metadata(database)
                change(&metadata)
                try RunWriter.save(metadata, database)
            }
        }
    }

    /// Ends the run: commits all entries, writes the outcome and end time, and releases the folder, which can then be
    /// copied.
    ///
    /// - Throws: ``RunStoreError`` if something could not be written; the writer stays open, and the call can be
    ///   repeated.
    public func finish(_ outcome: RunOutcome) throws {
        try queue.sync {
            try commit()
            try write { database in
                var metadata = try RunWriter.metadata(database)
                metadata.outcome = outcome
                metadata.end = Date()
                try RunWriter.save(metadata, database)
            }
            timer?.cancel()
            timer = nil
            settle()
            database = nil
            folderLock = nil
        }
    }

    /// Merges everything into the single database file.
    ///
    /// Leaving write-ahead mode requires that no reader is active for a moment. If one stays, the mode remains. The
    /// database file is then still complete, but reading it from a folder without write permission takes a detour.
    private func settle() {
        for _ in 0..<50 {
            let isSettled = try? database?.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                return try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE") == "delete"
            }
            if isSettled == true { return }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }
}
