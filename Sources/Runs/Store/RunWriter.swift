public import Diagnostics
import Foundation
import GRDB
public import Measurements

/// The one writer of a run.
///
/// ``record(_:)-(StepRecord)`` and its siblings only append to memory, which takes microseconds; a background queue
/// commits twice a second, in one short transaction. While commits fail, as on a full disk, everything is kept in
/// memory and tried again, and ``currentProblem`` says what is wrong; nothing is lost if space comes back.
///
/// The run's folder is locked for as long as the writer lives, so that there is never a second one, and so that readers
/// can tell a running run from an interrupted one. All methods may be called from any thread.
///
/// ```swift
/// let writer = try RunWriter.create(in: runs, configuration: configuration, metadata: metadata)
/// writer.record(measurement)
/// try writer.finish(.finished)
/// ```
public final class RunWriter: @unchecked Sendable {
    // Unchecked, because the compiler cannot see that `state` is only touched under `lock`, and `database`, `folderLock`
    // and `seriesIdentifiers` only on `queue`.

    /// The run's folder.
    public let folder: RunFolder

    /// Something to be written, in the order in which it was recorded.
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

    /// What recording threads and the background queue share.
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
        // Nobody else has a reference any more, so the queue is not needed. The run counts as interrupted.
        try? commit()
    }

    /// What keeps commits from succeeding at present, as a sentence; `nil` if all is well.
    public var currentProblem: String? { lock.withLock { state.problem } }

    /// Calls a closure once with each new problem, and once with `nil` when it is over.
    ///
    /// The closure runs on the writer's queue and must not call ``flush()`` or ``finish(_:)``.
    public func observeProblems(_ observer: (@Sendable (String?) -> Void)?) {
        lock.withLock { state.onProblem = observer }
    }

    /// Records what was measured after a step. Values of a step may come in several measurements.
    public func record(_ measurement: StepRecord) { append(.measurement(measurement)) }

    /// Records a sheet of samples whose file is already in the run folder.
    public func record(_ sheet: SheetRecord) { append(.sheet(sheet)) }

    /// Records a checkpoint that is already in the run folder.
    public func record(_ checkpoint: CheckpointRecord) { append(.checkpoint(checkpoint)) }

    /// Records a finding; one of the same pattern and opening step is replaced, for example when it closes.
    public func record(_ finding: FindingRecord) { append(.finding(finding)) }

    /// Records how samples spread over the bins.
    public func record(_ bins: BinRecord) { append(.bins(bins)) }

    /// Records the newest diagnosis in place of the one before.
    public func record(_ diagnosis: DiagnosisRecord) { append(.diagnosis(diagnosis)) }

    /// Records how samples spread over the data's classes.
    public func record(_ classes: ClassRecord) { append(.classes(classes)) }

    /// Forgets the checkpoint of a path relative to the run folder; its files are the caller's.
    public func removeCheckpoint(folder: String) { append(.removedCheckpoint(folder: folder)) }

    /// Records something worth knowing, such as a warning, in a plain sentence.
    public func note(_ kind: String, _ message: String, step: Int? = nil) {
        append(.note(RunNote(wallTime: Date().timeIntervalSince1970, step: step, kind: kind, message: message)))
    }

    private func append(_ entry: Entry) { lock.withLock { state.pending.append(entry) } }

    /// Commits everything recorded so far, now.
    ///
    /// - Throws: ``RunStoreError`` if that fails; what was recorded is kept and tried again.
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

    /// Ends the run: commits what is left, writes the outcome and the time, and lets go of the folder, which can be
    /// copied from then on.
    ///
    /// - Throws: ``RunStoreError`` if something could not be written; the writer stays open and this can be tried again.
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

    /// Brings everything into the one database file.
    ///
    /// Leaving write-ahead mode needs every reader gone for a moment. If one stays, the mode stays too, with everything
    /// in the database file all the same: only reading from a folder without write permission is then less direct.
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
