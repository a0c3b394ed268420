import Datasets
public import Diagnostics
public import Foundation
public import Recipes
import Reports
public import Runs
import Torch
public import Training

/// A training with its run folder: recorded, watched, and repaired if that is wanted.
///
/// ```swift
/// let session = try TrainingSession(TrainingSetup(configuration, data: data, networks: networks))
/// try session.run()
/// print(try session.diagnosis(), session.folder.directory.path)
/// ```
public final class TrainingSession {
    public let setup: TrainingSetup
    public let trainer: Trainer
    public let options: Options
    /// The run that this one retries or repairs; `nil` for an independent run.
    public let origin: Origin?
    /// Whether the session continues an interrupted run.
    public let isResumed: Bool
    let writer: RunWriter

    /// The reaction to an alarm of the monitor.
    public enum FailureReaction: Equatable, Sendable {
        /// The training continues.
        case warn
        /// The training saves a checkpoint and ends.
        case stop
        /// The training ends, and a new run continues from the last checkpoint before the failure with the first remedy, at most this many
        /// times.
        case repair(times: Int)
    }

    /// The options of a session.
    public struct Options {
        /// The library that the run is created in; by default `runs/` in the working directory.
        public var library = RunLibrary(directory: URL(fileURLWithPath: "runs", isDirectory: true))
        /// The label of the run.
        public var label: String?
        public var onFailure = FailureReaction.warn
        /// Whether the monitor evaluates and judges the training while it runs.
        public var isMonitored = true
        public var savesCheckpoints = true
        /// Makes the observers of each run, besides the recorder, once its folder exists.
        public var observers: (RunFolder) -> [any TrainingObserver] = { _ in [] }
        /// Receives the events of the session.
        public var report: (SessionEvent) -> Void = { _ in }

        public init() {}
    }

    /// The run that a new run retries or repairs.
    public struct Origin {
        public let parent: RunIdentifier
        public var remedy: AppliedRemedy
        /// The checkpoint to continue from; `nil` to start from the first step.
        public var checkpoint: CheckpointStore.Contents?

        public init(parent: RunIdentifier, remedy: AppliedRemedy, checkpoint: CheckpointStore.Contents? = nil) {
            self.parent = parent
            self.remedy = remedy
            self.checkpoint = checkpoint
        }
    }

    /// How a run has ended.
    public struct Ending: Sendable {
        /// The outcome; a failed one says what could not be saved, and the run can be resumed once that is repaired.
        public let outcome: RunOutcome
        /// Whether an alarm ended the training; always false with ``FailureReaction/warn``.
        public let isFailure: Bool
        /// The plot of the losses; `nil` if it could not be written.
        public let lossChart: URL?
    }

    /// Creates a new run.
    ///
    /// - Throws: `ConfigurationError`, `TorchError`, `RunStoreError`; no run is left behind then.
    public init(_ setup: TrainingSetup, _ options: Options = Options(), origin: Origin? = nil) throws {
        var origin = origin
        (self.setup, self.options, isResumed) = (setup, options, false)
        trainer = try TrainingSession.trainer(setup, from: &origin, options.report)
        self.origin = origin
        if options.isMonitored { trainer.monitor = try setup.monitor(report: options.report) }
        writer = try RunWriter.create(
            in: options.library.directory, configuration: trainer.configuration,
            metadata: RunMetadata.captured(
                label: options.label, device: setup.deviceDescription, threads: setup.configuration.threads,
                torchVersion: LibTorch.version, parent: origin?.parent, remedy: origin?.remedy))
        connect()
    }

    /// Continues a stopped or interrupted run from its newest usable checkpoint, as if it had never stopped. If no checkpoint can be read,
    /// the run restarts from the first step, which gives the same numbers.
    ///
    /// - Parameter setup: made from the run's own configuration; only the device may differ.
    /// - Throws: ``SessionError/finished(_:)`` and `RunStoreError/inUse`, and the errors of ``init(_:_:origin:)``; the run then stays unchanged.
    public init(resuming run: RunFolder, _ setup: TrainingSetup, _ options: Options = Options()) throws {
        let reader = try RunReader(run)
        try TrainingSession.requireUnfinished(reader)
        try TrainingSession.requireKnownKeys(reader)
        (self.setup, self.options, origin, isResumed) = (setup, options, nil, true)
        let trainer = try setup.trainer()
        let store = CheckpointStore(folder: run.checkpoints, keep: setup.configuration.checkpoints.keep)
        if options.isMonitored { trainer.monitor = try setup.monitor(report: options.report) }
        writer = try RunWriter.reopen(run) {
            // Another process may have continued the run before the folder was locked.
            try TrainingSession.requireUnfinished(reader)
            try TrainingSession.restoreNewestCheckpoint(of: store, into: trainer, options.report)
            store.setAside(after: trainer.position.step)
            return trainer.position.step
        }
        self.trainer = trainer
        trainer.monitor?.restore(
            try reader.measurements(), findings: try reader.findings(),
            wasFailed: try reader.notes().contains { $0.kind == "failed" })
        connect()
    }

    /// Connects the trainer to the run folder: checkpoints and recorder.
    private func connect() {
        let writer = writer
        trainer.stopsOnFailure = options.onFailure != .warn
        if options.savesCheckpoints {
            trainer.checkpoints = CheckpointStore(
                folder: writer.folder.checkpoints, keep: setup.configuration.checkpoints.keep)
        }
        trainer.secureRecords = { try writer.flush() }
        trainer.observe(RunRecorder(writer))
    }

    /// A trainer at the first step, or at the origin's checkpoint, whose step is then noted in the remedy.
    private static func trainer(
        _ setup: TrainingSetup, from origin: inout Origin?, _ report: (SessionEvent) -> Void
    ) throws -> Trainer {
        let trainer = try setup.trainer()
        guard let checkpoint = origin?.checkpoint else { return trainer }
        if try trainer.adopt(checkpoint) {
            origin?.remedy.fromStep = trainer.position.step
            return trainer
        }
        report(
            .warning(
                "The checkpoint does not fit the changed configuration or leaves nothing to train, so the training restarts from the first step."
            ))
        return try setup.trainer()
    }

    /// - Throws: ``SessionError/finished(_:)``
    public static func requireUnfinished(_ reader: RunReader) throws {
        guard try reader.status() != .finished else { throw SessionError.finished(reader.folder.name) }
    }

    /// - Throws: ``SessionError/unknownKeys(run:_:)``
    public static func requireKnownKeys(_ reader: RunReader) throws {
        let keys = try reader.unknownKeys()
        guard keys.isEmpty else { throw SessionError.unknownKeys(run: reader.folder.name, keys) }
    }

    private static func restoreNewestCheckpoint(
        of store: CheckpointStore, into trainer: Trainer, _ report: (SessionEvent) -> Void
    ) throws {
        var isChanged = false
        do {
            try store.newest(report: { report(.warning($0)) }) { contents in
                isChanged = true
                try trainer.restore(contents)
            }
        } catch {
            guard !isChanged else {
                throw SessionError.unusableCheckpoints(store.folder, reason: "\(error)")
            }
            report(.warning("No checkpoint can be read, so the run restarts from the first step."))
        }
    }

    public var folder: RunFolder { writer.folder }

    /// Calls a closure with each new problem of writing the run's database, and with `nil` when it is over. The closure runs on another
    /// thread.
    public func observeWriting(_ observer: @escaping @Sendable (_ problem: String?) -> Void) {
        writer.observeProblems(observer)
    }

    /// The diagnosis of the run.
    public func diagnosis() throws -> Diagnosis { try RunReader(folder).diagnosis() }

    /// Trains to the end, or until `isStopRequested` returns true after a step.
    ///
    /// - Throws: ``SessionError``; the run folder holds everything that was recorded.
    @discardableResult
    public func run(isStopRequested: () -> Bool = { false }) throws -> Ending {
        options.report(.begins(self))
        options.observers(folder).forEach(trainer.observe)
        let outcome: RunOutcome
        do {
            outcome = try trainer.run(isStopRequested: isStopRequested)
        } catch {
            try? writer.finish(.failed("\(error)"))
            throw SessionError.failed(run: folder, step: trainer.position.step, reason: "\(error)")
        }
        do {
            try writer.finish(outcome)
        } catch {
            throw SessionError.notSaved(run: folder, reason: "\(error)")
        }
        let ending = Ending(
            outcome: outcome, isFailure: trainer.hasFailed, lossChart: try? RunReader(folder).writeLossChart())
        options.report(.ended(self, ending))
        return ending
    }
}

/// The error that ended a session.
public enum SessionError: Error, CustomStringConvertible {
    /// The run is finished.
    case finished(_ run: String)
    /// The run has settings that this version does not know, so it cannot train as it did.
    case unknownKeys(run: String, [String])
    /// The run's checkpoints do not fit its configuration.
    case unusableCheckpoints(URL, reason: String)
    /// A step failed.
    case failed(run: RunFolder, step: Int, reason: String)
    /// The training ended, but its last values could not be saved.
    case notSaved(run: RunFolder, reason: String)

    public var description: String {
        switch self {
        case .finished(let run):
            "The run \(run) is finished; there is nothing to resume."
        case .unknownKeys(let run, let keys):
            "The run \(run) has settings that this version does not know (\(keys.joined(separator: ", "))); use the version that "
                + "recorded it."
        case .unusableCheckpoints(let folder, let reason):
            "No checkpoint in \(folder.path) fits the run's configuration (\(reason)); empty that folder to restart the "
                + "run."
        case .failed(_, let step, let reason):
            "The training failed after step \(step): \(reason)"
        case .notSaved(_, let reason):
            reason
        }
    }
}
