public import Foundation
public import Measurements
public import Runs

/// Sends a training's values to an MLflow server from a thread of its own. The training only puts them into a queue: a server that is slow or
/// down costs it nothing. What could not be sent by the end can be sent later with `export`.
public final class MLflowUploader: @unchecked Sendable {
    private enum Item {
        case measurement(StepRecord)
        case sheet(SheetRecord, png: Data)
    }

    /// Opens the run on the server; asked again until it succeeds.
    private let open: @Sendable () throws -> MLflowRun
    /// Whether the server takes files; the uploader's thread alone asks.
    private var takesSheets = true
    /// Takes a sentence when the connection is lost, and one when it is back.
    private let report: @Sendable (String) -> Void
    // The condition guards everything below.
    private let condition = NSCondition()
    private var queue: [Item] = []
    /// Whether something was left out: then nothing newer is sent either, so that what the server has is the run's beginning.
    private var isFull = false
    private var hasGivenUp = false
    private var isAbandoned = false
    private var outcome: RunOutcome?
    private var isDone = false
    private var isFailing = false

    /// More waiting items than this would take memory from the training; the rest is left to `export`.
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

    /// Says how the run ended, and waits a moment for what is still to be sent.
    ///
    /// - Returns: whether everything was.
    public func finish(_ outcome: RunOutcome, within seconds: TimeInterval = 10) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        self.outcome = outcome
        condition.broadcast()
        // A server that is down is asked once more, no longer.
        let (deadline, short) = (Date(timeIntervalSinceNow: seconds), Date(timeIntervalSinceNow: min(2, seconds)))
        while !isDone, condition.wait(until: isFailing ? short : deadline) {}
        isAbandoned = !isDone
        condition.broadcast()
        return isDone && !isFull && !hasGivenUp
    }

    /// The thread: takes what waits, and sends it until it is sent.
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
                if failures > 0 { report("The MLflow server can be reached again.") }
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
                    report("\(error) Nothing more is sent to MLflow.")
                    giveUp()
                    return
                }
                if failures == 1 { report("\(error) The training goes on, and what waits is sent later.") }
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

    /// Waits before the next attempt, less when the training ends.
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

    /// Waits until there is something to do, a second at the most after the first of it; what it returns stays in the queue until it is sent.
    private func take() -> [Item] {
        condition.lock()
        while queue.isEmpty, outcome == nil { condition.wait() }
        if outcome == nil {
            condition.unlock()
            // A second's values make one request.
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
            if !takesSheets { report("The MLflow server takes no files over REST, so sheets are left out.") }
        }
    }
}
