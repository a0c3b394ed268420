public import Diagnostics
public import Foundation
public import Logs
public import Recipes
import Runs
import Synchronization

/// Reads, records and judges what a program prints and the logs that it writes, on a thread of its own, so that the
/// program never waits for it.
public final class LogWatcher: @unchecked Sendable {
    // Unchecked, because the compiler cannot verify that everything below `shared` is only used on `thread` and, after
    // it has ended, by `finish`.

    /// The settings of a watcher.
    public struct Options {
        public var run: WatchedRun.Options
        /// The files to follow, and the folders in whose files and subfolders to look for logs.
        public var places: [URL] = []
        /// Files in folders count only if they were changed since then; `nil` if all count.
        public var since: Date?
        /// The training objective; `nil` to infer it.
        public var objective: Objective?
        public var facts = Facts()
        /// Such as `loss_generator=G_loss`.
        public var columns: [String] = []
        /// A shell command to run on an alarm.
        public var alarmCommand: String?

        public init(run: WatchedRun.Options) { self.run = run }
    }

    /// An event that a watcher reports.
    public enum Event {
        /// The run folder was created.
        case began(URL)
        case news(WatchedRun.News, unit: String)
        /// A sentence about a problem.
        case warning(String)
    }

    private struct Shared {
        var bytes: [UInt8] = []
        var hasEnded = false
    }

    private let shared = Mutex(Shared())
    private let change = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let options: Options
    private let report: (Event) -> Void

    private var logs = GrowingLogs()
    private var files: LogFiles
    private let output: URL
    private let run: WatchedRun
    private let alarmCommand: AlarmCommand?
    private var newest: ForeignLog?
    /// The number of rows at the last interpretation from the first row on.
    private var interpretedRows = 0
    private var hasNews = false
    /// When to look at the files again.
    private var nextPoll = DispatchTime.now()
    private var problem: String?

    /// The most output that waits to be read, in bytes.
    private static let mostBytes = 1 << 26
    /// The shortest time between two looks at the logs, in seconds.
    private static let pause = 0.25
    /// The share of one processor that interpretations may take.
    private static let budget = 0.05

    /// - Parameter report: receives events; called from the watcher's thread and from `finish`.
    public init(_ options: Options, report: @escaping @Sendable (Event) -> Void) {
        (self.options, self.report) = (options, report)
        output = URL(fileURLWithPath: options.run.name)
        files = LogFiles(options.places, since: options.since)
        run = WatchedRun(options.run)
        alarmCommand = options.alarmCommand.map(AlarmCommand.init)
        let thread = Thread { [self] in
            work()
            ended.signal()
        }
        thread.name = "equipoise.watcher"
        thread.start()
    }

    /// Takes output of the program. Returns at once.
    public func receive(_ bytes: ArraySlice<UInt8>) {
        let isFirst = shared.withLock { shared in
            // A program that prints faster than its output can be read must not fill the memory.
            guard shared.bytes.count < LogWatcher.mostBytes else { return false }
            defer { shared.bytes += bytes }
            return shared.bytes.isEmpty
        }
        if isFirst { change.signal() }
    }

    private func work() {
        var next = DispatchTime.now()
        while true {
            // Files are looked at now and then; output announces itself.
            let isPolling = hasNews || !options.places.isEmpty
            if isPolling { _ = change.wait(timeout: max(next, .now() + LogWatcher.pause)) } else { change.wait() }
            let (bytes, hasEnded) = shared.withLock { shared in
                defer { shared.bytes = [] }
                return (shared.bytes, shared.hasEnded)
            }
            take(bytes)
            guard !hasEnded else { return }
            guard hasNews, .now() >= next else { continue }
            let start = ContinuousClock.now
            look()
            let cost = (ContinuousClock.now - start) / .seconds(1)
            next = .now() + max(LogWatcher.pause, cost / LogWatcher.budget)
        }
    }

    /// Takes output, and what is new in files.
    private func take(_ bytes: [UInt8]) {
        if !bytes.isEmpty {
            logs.append(bytes, of: output, isNew: true)
            hasNews = true
        }
        guard .now() >= nextPoll else { return }
        nextPoll = .now() + LogWatcher.pause
        files.read { url, news in
            if news.isRestart { logs.restart(url) }
            logs.append(news.bytes, of: url, isNew: news.isRecent)
            hasNews = true
        }
    }

    private func look() {
        hasNews = false
        guard let interpreted = interpretation() else { return }
        do {
            let hadFolder = run.folder != nil
            let news = try run.update(interpreted)
            if !hadFolder, let folder = run.folder { report(.began(folder.directory)) }
            guard let news else { return }
            report(.news(news, unit: interpreted.log.unit))
            if news.isAlarm, let folder = run.folder, let finding = news.diagnosis.findings.first {
                try alarmCommand?.start(finding, of: folder)
            }
        } catch {
            warn("\(error)")
        }
    }

    /// The log with everything that was added; `nil` as long as there are no losses.
    ///
    /// Most new rows go on like those before them. From time to time, all rows are interpreted anew.
    private func interpretation() -> ForeignLog? {
        if var log = newest, log.log.rowCount >= LogWatcher.fewRows, 4 * log.log.rowCount < 5 * interpretedRows {
            // The log is taken out while it grows, so that its values are not copied.
            newest = nil
            let isExtended = logs.extend(&log)
            newest = log
            if isExtended { return log }
        }
        guard let log = try? logs.log(assignments: options.columns) else { return newest }
        interpretedRows = log.rowCount
        newest = ForeignLog(log, objective: options.objective, facts: options.facts)
        return newest
    }

    /// Up to this number of rows, all are interpreted at every look: more of them may change what the others mean.
    private static let fewRows = 2000

    /// Reports a problem once.
    private func warn(_ sentence: String) {
        guard sentence != problem else { return }
        problem = sentence
        report(.warning(sentence))
    }

    /// The record of a program that has ended.
    public struct Result {
        public let log: ForeignLog
        public let diagnosis: Diagnosis
        /// The run folder; `nil` if it could not be created.
        public let folder: URL?
    }

    /// Reads the rest and ends the run.
    ///
    /// - Returns: `nil` if the program printed no losses.
    /// - Throws: ``RunStoreError``, and `LogError` for columns that do not exist.
    public func finish(isComplete: Bool) throws -> Result? {
        shared.withLock { $0.hasEnded = true }
        change.signal()
        ended.wait()
        nextPoll = .now()
        take([])
        // The last line counts even if the program did not end it.
        logs.endLines()
        // At the end, all rows are interpreted together.
        let before = newest
        newest = nil
        look()
        newest = newest ?? before
        alarmCommand?.finish().forEach { report(.warning($0)) }
        guard let newest else {
            if !options.columns.isEmpty { _ = try logs.log(assignments: options.columns) }
            return nil
        }
        let diagnosis = try run.end(isComplete ? .finished : .stopped, newest)
        return Result(log: newest, diagnosis: diagnosis, folder: run.folder?.directory)
    }
}
