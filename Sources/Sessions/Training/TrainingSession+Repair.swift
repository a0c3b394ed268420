import Diagnostics
import Recipes
import Runs
import Training

extension TrainingSession {
    /// Trains to the end. With ``FailureReaction/repair(times:)``, an alarm starts a new run with the first untried remedy, from the last
    /// checkpoint before the failure. No configuration is tried twice.
    ///
    /// - Returns: the last run, and how it ended.
    /// - Throws: ``SessionError`` of any of the runs.
    @discardableResult
    public func runWithRepairs(
        isStopRequested: () -> Bool = { false }
    ) throws -> (session: TrainingSession, ending: Ending) {
        guard case .repair(let limit) = options.onFailure else {
            return (self, try run(isStopRequested: isStopRequested))
        }
        var session = self
        let label = try? RunReader(folder).metadata().label
        var tried = Lineage(folder, in: options.library).configurations
        var repairs = 0
        while true {
            let ending = try session.run(isStopRequested: isStopRequested)
            if case .failed = ending.outcome { return (session, ending) }
            guard ending.isFailure, !isStopRequested() else { return (session, ending) }
            guard repairs < limit else {
                let times = repairs == 1 ? "once" : "\(repairs) times"
                options.report(.warning("The training was repaired \(times) and failed again; see the diagnosis."))
                return (session, ending)
            }
            repairs += 1
            guard let next = try session.repaired(besides: &tried, number: repairs, of: limit, label: label)
            else {
                options.report(.warning("All remedies have been tried."))
                return (session, ending)
            }
            session = next
        }
    }

    /// A run with the first remedy that gives an untried configuration; `nil` if there is none.
    private func repaired(
        besides tried: inout [TrainingConfiguration], number: Int, of limit: Int, label: String?
    ) throws -> TrainingSession? {
        guard let monitor = trainer.monitor, let metadata = try? RunReader(folder).metadata(),
            let diagnosis = try? diagnosis()
        else { return nil }
        let onset = monitor.onsetOfFailure ?? 0
        for (remedy, reason) in diagnosis.changes {
            guard let changed = try? trainer.configuration.applying(remedy.change).validated(), !tried.contains(changed)
            else { continue }
            tried.append(changed)
            let origin = Origin(
                parent: metadata.id,
                remedy: AppliedRemedy(title: remedy.title, reason: reason, change: remedy.change),
                checkpoint: Lineage(folder, in: options.library).newestCheckpoint(before: onset))
            options.report(
                .repairs(
                    Repair(
                        number: number, limit: limit, remedy: origin.remedy,
                        changes: changed.differences(from: trainer.configuration),
                        restarts: origin.checkpoint == nil)))
            var next = options
            next.label = label.map { "\($0)+\(number)" }
            do {
                return try TrainingSession(setup.changed(to: changed, report: options.report), next, origin: origin)
            } catch let error as ConfigurationError where setup.networks != nil {
                // Not every remedy fits custom networks.
                options.report(.warning("\(error)"))
            }
        }
        return nil
    }
}

/// A run and the runs that it was repaired from, newest first.
private struct Lineage {
    private let readers: [RunReader]

    init(_ folder: RunFolder, in library: RunLibrary) {
        var readers: [RunReader] = []
        var next: RunFolder? = folder
        while let folder = next, !readers.contains(where: { $0.folder == folder }),
            let reader = try? RunReader(folder)
        {
            readers.append(reader)
            let parent = (try? reader.metadata())?.parent
            next = parent.flatMap { try? library.find($0.description) }
        }
        self.readers = readers
    }

    /// The configurations tried so far.
    var configurations: [TrainingConfiguration] { readers.compactMap { try? $0.configuration() } }

    /// The newest checkpoint before a step, of the run itself or of an ancestor up to the step where the descendant branched off.
    func newestCheckpoint(before step: Int) -> CheckpointStore.Contents? {
        var step = step
        for reader in readers {
            let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
            if let found = store.newest(before: step) { return found.contents }
            // The steps of the parent mean nothing to a run that restarted or counts steps in other batches.
            guard let remedy = (try? reader.metadata())?.remedy, let start = remedy.fromStep,
                remedy.change.keys.allSatisfy({ !["training.batchSize", "data.limit"].contains($0) })
            else { return nil }
            step = min(step, start + 1)
        }
        return nil
    }
}
