public import Diagnostics
public import Foundation
public import Logs
public import Recipes
import Runs
import Synchronization

/// Reads, records and judges what a program prints, on a thread of its own, so that the program never waits for it.
public final class LogWatcher: @unchecked Sendable {
    // Unchecked, because the compiler cannot verify that everything below `shared` is only used on `thread` and, after
    // it has ended, by `finish`.

    /// What a watcher needs to know.
    public struct Options {
        /// The file, or the name of the command, for messages.
        public var source: URL
        public var run: WatchedRun.Options
        /// The training objective; `nil` to infer it.
        public var objective: Objective?
        public var facts = Facts()
        /// Such as `loss_generator=G_loss`.
        public var columns: [String] = []

        public init(source: URL, run: WatchedRun.Options) { (self.source, self.run) = (source, run) }
    }

    /// What a watcher reports.
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

    private var growing: GrowingLog
    private let run: WatchedRun
    private var newest: ForeignLog?
    private var hasNews = false
    private var problem: String?

    /// The shortest time between two interpretations of the log, in seconds.
    private static let shortestPause = 0.25
    /// The share of one processor that interpretations may take.
    private static let budget = 0.02

    /// - Parameter report: receives events; called from another thread.
    public init(_ options: Options, report: @escaping @Sendable (Event) -> Void) {
        (self.options, self.report) = (options, report)
        growing = GrowingLog(source: options.source)
        run = WatchedRun(options.run)
        let thread = Thread { [self] in
            work()
            ended.signal()
        }
        thread.name = "equipoise.watcher"
        thread.start()
    }

    /// Takes output of the program. Returns at once.
    public func receive(_ bytes: ArraySlice<UInt8>) {
        shared.withLock { $0.bytes += bytes }
        change.signal()
    }

    private func work() {
        var next = DispatchTime.now()
        while true {
            if hasNews { _ = change.wait(timeout: next) } else { change.wait() }
            let (bytes, hasEnded) = shared.withLock { shared in
                defer { shared.bytes = [] }
                return (shared.bytes, shared.hasEnded)
            }
            growing.append(bytes)
            hasNews = hasNews || !bytes.isEmpty
            guard !hasEnded else { return }
            guard hasNews, .now() >= next else { continue }
            let start = ContinuousClock.now
            look()
            let cost = (ContinuousClock.now - start) / .seconds(1)
            next = .now() + max(LogWatcher.shortestPause, cost / LogWatcher.budget)
        }
    }

    private func look() {
        hasNews = false
        // Until there are losses, the output is not a log.
        guard let log = try? growing.log(assignments: options.columns) else { return }
        let interpreted = ForeignLog(log, objective: options.objective, facts: options.facts)
        newest = interpreted
        do {
            let hadFolder = run.folder != nil
            let news = try run.update(interpreted)
            if !hadFolder, let folder = run.folder { report(.began(folder.directory)) }
            if let news { report(.news(news, unit: log.unit)) }
        } catch {
            warn("\(error)")
        }
    }

    /// Reports a problem once.
    private func warn(_ sentence: String) {
        guard sentence != problem else { return }
        problem = sentence
        report(.warning(sentence))
    }

    /// What a program that has ended left behind.
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
        // The last line counts even if the program did not end it.
        growing.append([UInt8(ascii: "\n")])
        if hasNews || !options.columns.isEmpty { look() }
        guard let newest else {
            if !options.columns.isEmpty { _ = try growing.log(assignments: options.columns) }
            return nil
        }
        let diagnosis = try run.end(isComplete ? .finished : .stopped, newest)
        return Result(log: newest, diagnosis: diagnosis, folder: run.folder?.directory)
    }
}
