public import Foundation
public import Measurements
public import Runs

/// Sends the values of a run to an MLflow server on its own thread. Training only appends them to a queue, so a slow or
/// unavailable server does not slow it down. Anything that could not be sent by the end can be sent later with
/// `export`.
public final class MLflowUploader: @unchecked Sendable {
    private enum Item {
        case measurement(StepRecord)
        case sheet(SheetRecord, png: Data)
    }

    /// Opens the run on the server; called again until it succeeds.
    private let open: @Sendable () throws -> MLflowRun
    /// Whether the server accepts files; used only by the uploader's thread.
    private var takesSheets = true
    /// Receives a message when the connection is lost, and one when it is restored.
    private let report: @Sendable (String) -> Void
    // The condition guards everything below.
    private let condition = NSCondition()
    private var queue: [Item] = []
    /// Whether something was dropped. Nothing newer is then sent either, so that the server has a gapless beginning of
    /// the run.
    private var isFull = false
    private var hasGivenUp = false
    private var isAbandoned = false
    private var outcome: RunOutcome?
    private var isDone = false
    private var isFailing = false

    /// A longer queue would take memory from training; the rest is left to `export`.
    private static let mostWaiting = 100_000
    private static let pause = 1.0
    private static let longestPause = 30.0

    public init(open: @escaping @Sendable () throws -> MLflowRun, report: @escaping @Sendable (String) -> Void) {
        self.open = open
        self.report = report
        Thread { [self] in work() }.start()
    }

    public func log(_ measurement: StepRecord) { put(.measurement(measurement)) }

    public func log(_ sheet: SheetRecord, png: Data) { put(.sheet(sheet, png: png)) }

    private func put(_ item: Item) {
        condition.withLock {
            guard !hasGivenUp, !isFull else { return }
            guard queue.count < MLflowUploader.mostWaiting else {
                isFull = true
                return
            }
            queue.append(item)
            if queue.count == 1 { condition.signal() }
        }
    }

    /// Reports the outcome of the run, and waits briefly for the remaining items to be sent.
    ///
    /// - Returns: whether everything was sent.
    public func finish(_ outcome: RunOutcome, within seconds: TimeInterval = 10) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        self.outcome = outcome
        condition.broadcast()
        // An unavailable server is given only one more short try.
        let (deadline, short) = (Date(timeIntervalSinceNow: seconds), Date(timeIntervalSinceNow: min(2, seconds)))
        while !isDone, condition.wait(until: isFailing ? short : deadline) {}
        isAbandoned = !isDone
        condition.broadcast()
        return isDone && !isFull && !hasGivenUp
    }

    /// The body of the thread: sends the queued items, retrying until it succeeds.
    private func work() {
        var run: MLflowRun?
        var failures = 0
        while true {
            let items = take()
            do {
                let opened = try run ?? open()
                run = opened
                try send(items, to: opened)
                let end = condition.withLock { () -> RunOutcome? in
                    queue.removeFirst(items.count)
                    isFailing = false
                    return queue.isEmpty ? outcome : nil
                }
                if failures > 0 { report("The MLflow server is reachable again.") }
                failures = 0
                if let end {
                    try opened.end(end)
                    condition.withLock {
                        isDone = true
                        condition.broadcast()
                    }
                    return
                }
            } catch {
                failures += 1
                condition.withLock {
                    isFailing = true
                    condition.broadcast()
                }
                guard (error as? MLflowClient.Failure)?.isPassing ?? true else {
                    report("\(error) Nothing more is sent to MLflow; use “export” after the run.")
                    giveUp()
                    return
                }
                if failures == 1 { report("\(error) Training continues; the values are sent later.") }
                guard pause(min(MLflowUploader.longestPause, MLflowUploader.pause * Double(1 << min(failures, 5))))
                else {
                    return
                }
            }
        }
    }

    private func giveUp() {
        condition.withLock {
            hasGivenUp = true
            queue = []
            isDone = true
            condition.broadcast()
        }
    }

    /// Waits before the next attempt; the wait ends early when training ends.
    ///
    /// - Returns: `false` if nobody waits for the outcome any more.
    private func pause(_ seconds: TimeInterval) -> Bool {
        condition.withLock {
            let deadline = Date(timeIntervalSinceNow: seconds)
            let hadEnded = outcome != nil
            while !isAbandoned, (outcome != nil) == hadEnded, condition.wait(until: deadline) {}
            return !isAbandoned
        }
    }

    /// Waits until there are items to send, and half a second more to collect them; the returned items stay in the
    /// queue until they are sent.
    private func take() -> [Item] {
        condition.lock()
        while queue.isEmpty, outcome == nil { condition.wait() }
        if outcome == nil {
            condition.unlock()
            // Collect the values of half a second into one request.
            Thread.sleep(forTimeInterval: MLflowUploader.pause / 2)
            condition.lock()
        }
        defer { condition.unlock() }
        return Array(queue.prefix(2000))
    }

    private func send(_ items: [Item], to run: MLflowRun) throws {
        var measurements: [StepRecord] = []
        for item in items { if case .measurement(let measurement) = item { measurements.append(measurement) } }
        try run.log(measurements)
        for item in items where takesSheets {
            guard case .sheet(let sheet, let png) = item else { continue }
            do {
                takesSheets = try run.log(sheet, png: png)
            } catch let failure as MLflowClient.Failure where !failure.isPassing {
                takesSheets = false
            }
            if !takesSheets { report("The MLflow server does not accept files over REST, so sheets are skipped.") }
        }
    }
}
