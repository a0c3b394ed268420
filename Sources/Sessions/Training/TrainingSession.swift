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
    /// The run that this one repeats with a change; `nil` for one of its own.
    public let origin: Origin?
    /// Whether the session goes on with a run that had been interrupted.
    public let isResumed: Bool
    let writer: RunWriter

    /// What happens when the monitor finds that a training has failed.
    public enum FailureReaction: Equatable, Sendable {
        /// It goes on.
        case warn
        /// It is saved, and ends.
        case stop
        /// It is followed by a run with the first remedy, from the last checkpoint from before the failure; so many times at most.
        case repair(times: Int)
    }

    /// How a session is run.
    public struct Options {
        /// Where the run goes: `runs/` in the working directory by default.
        public var library = RunLibrary(directory: URL(fileURLWithPath: "runs", isDirectory: true))
        /// A label for people.
        public var label: String?
        public var onFailure = FailureReaction.warn
        /// Whether the training is watched and judged while it runs.
        public var isMonitored = true
        public var savesCheckpoints = true
        /// Makes what watches each run besides the recorder, once its folder is there.
        public var observers: (RunFolder) -> [any TrainingObserver] = { _ in [] }
        /// Takes what the session tells.
        public var report: (SessionEvent) -> Void = { _ in }

        public init() {}
    }

    /// Another run from which a new one starts.
    public struct Origin {
        public let parent: RunIdentifier
        public var remedy: AppliedRemedy
        /// Where that run was when it was still well; `nil` to start from the first step.
        public var checkpoint: CheckpointStore.Contents?

        public init(parent: RunIdentifier, remedy: AppliedRemedy, checkpoint: CheckpointStore.Contents? = nil) {
            self.parent = parent
            self.remedy = remedy
            self.checkpoint = checkpoint
        }
    }

    /// How a run has ended.
    public struct Ending: Sendable {
        /// A failed outcome says what could not be saved; the run can be resumed when that is mended.
        public let outcome: RunOutcome
        /// Whether the training was to stop or to be repaired on a failure, and the monitor found one.
        public let isFailure: Bool
        /// The picture of its losses; `nil` if it could not be written.
        public let lossChart: URL?
    }

    /// Makes a new run.
    ///
    /// - Throws: `ConfigurationError`, `TorchError`, `RunStoreError`; there is no run then.
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

    /// Goes on with a run that was stopped or interrupted, as if it had not been, from the newest checkpoint that can be used. If none
    /// can even be read, the run starts again, which gives the same numbers.
    ///
    /// - Parameter setup: of the run's own configuration; only its device may be another.
    /// - Throws: ``SessionError/finished(_:)`` and `RunStoreError/inUse`, and what ``init(_:_:origin:)`` throws; the run stays as it is.
    public init(resuming run: RunFolder, _ setup: TrainingSetup, _ options: Options = Options()) throws {
        let reader = try RunReader(run)
        try TrainingSession.requireUnfinished(reader)
        (self.setup, self.options, origin, isResumed) = (setup, options, nil, true)
        let trainer = try setup.trainer()
        let store = CheckpointStore(folder: run.checkpoints, keep: setup.configuration.checkpoints.keep)
        if options.isMonitored { trainer.monitor = try setup.monitor(report: options.report) }
        writer = try RunWriter.reopen(run) {
            // Another process may have gone on with the run before the folder was locked.
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

    /// Has the trainer save and record into the run's folder.
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

    /// A trainer at the first step, or where the origin's checkpoint was saved; the remedy then says at which step.
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
                "The checkpoint does not fit what was changed, or leaves nothing to train, so the training starts anew."
            ))
        return try setup.trainer()
    }

    /// - Throws: ``SessionError/finished(_:)``
    public static func requireUnfinished(_ reader: RunReader) throws {
        guard try reader.status() != .finished else { throw SessionError.finished(reader.folder.name) }
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
            report(.warning("No checkpoint can be read, so the run starts again from its first step."))
        }
    }

    public var folder: RunFolder { writer.folder }

    /// Calls a closure once with each new problem of writing the run's database, and once with `nil` when it is over; on a thread of its own.
    public func observeWriting(_ observer: @escaping @Sendable (_ problem: String?) -> Void) {
        writer.observeProblems(observer)
    }

    /// What is said of the run, as everybody says it.
    public func diagnosis() throws -> Diagnosis { try RunReader(folder).diagnosis() }

    /// Trains to the end, or until `isStopRequested` says so after a step.
    ///
    /// - Throws: ``SessionError``; what was recorded is in the run's folder.
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

/// Why a session could not go on.
public enum SessionError: Error, CustomStringConvertible {
    /// There is nothing left to train.
    case finished(_ run: String)
    /// A run's checkpoints can be read, but not be used by its configuration.
    case unusableCheckpoints(URL, reason: String)
    /// A step failed.
    case failed(run: RunFolder, step: Int, reason: String)
    /// The training ended, but its last values are not on the disk.
    case notSaved(run: RunFolder, reason: String)

    public var description: String {
        switch self {
        case .finished(let run):
            "The run \(run) is finished; there is nothing left to do."
        case .unusableCheckpoints(let folder, let reason):
            "No checkpoint in \(folder.path) fits the run's configuration (\(reason)); remove that folder's contents to start the run "
                + "again."
        case .failed(_, let step, let reason):
            "The training failed after step \(step): \(reason)"
        case .notSaved(_, let reason):
            reason
        }
    }
}
