import Diagnostics
import Recipes
import Runs
import Training

extension TrainingSession {
    /// Trains to the end. When the training fails and repairs are wanted, goes on with a new run that has the first remedy
    /// that was not tried yet, from the last checkpoint from before the failure; at most as often as was said, and never
    /// twice with the same configuration.
    ///
    /// - Returns: the exit code of the last run, see ``run(_:)``.
    func runWithRepairs(in runs: RunsOption) throws -> Int32 {
        var session = self
        let lineage = Lineage(writer.folder, in: runs.library)
        let label = try? RunReader(writer.folder).metadata().label
        var tried = lineage.configurations
        var repairs = 0
        // One for all of them: between two runs a wish to stop is heard too.
        let interruption = Interruption()
        while true {
            let code = session.run(interruption)
            guard watch.onFailure == .repair, code == 3 else { return code }
            guard !interruption.isRequested else { return 130 }
            guard repairs < watch.repairs else {
                let times = repairs == 1 ? "once" : "\(repairs) times"
                console.warning("It was repaired \(times), and failed again; see the diagnosis.")
                return code
            }
            guard let (configuration, origin) = session.repair(besides: tried, in: runs.library) else {
                console.warning("There is no remedy left that was not tried.")
                return code
            }
            tried.append(configuration)
            repairs += 1
            console.line()
            let changes = configuration.differences(from: session.trainer.configuration).map {
                "\($0.path) \($0.theirs) → \($0.ours)"
            }
            console.warning(
                "repair \(repairs) of at most \(watch.repairs): \(origin.remedy.title) "
                    + "(\(changes.joined(separator: ", ")))")
            if origin.checkpoint == nil {
                console.warning("There is no checkpoint from before the failure, so the training starts anew.")
            }
            session = try TrainingSession.make(
                configuration, label: label.map { "\($0)+\(repairs)" }, origin: origin, in: runs, watch: watch, console)
        }
    }

    /// The first remedy that gives a configuration which was not tried yet, and where to go on with it.
    private func repair(
        besides tried: [TrainingConfiguration], in library: RunLibrary
    ) -> (configuration: TrainingConfiguration, origin: Origin)? {
        guard let monitor = trainer.monitor, let reader = try? RunReader(writer.folder),
            let metadata = try? reader.metadata(), let diagnosis = try? reader.diagnosis()
        else { return nil }
        let onset = monitor.onsetOfFailure ?? 0
        for (remedy, reason) in diagnosis.changes {
            guard let changed = try? trainer.configuration.applying(remedy.change).validated(), !tried.contains(changed)
            else { continue }
            return (
                changed,
                Origin(
                    parent: metadata.id,
                    remedy: AppliedRemedy(title: remedy.title, reason: reason, change: remedy.change),
                    checkpoint: Lineage(writer.folder, in: library).newestCheckpoint(before: onset))
            )
        }
        return nil
    }
}

/// A run and those that it was repaired from, the youngest first.
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

    /// What was tried so far.
    var configurations: [TrainingConfiguration] { readers.compactMap { try? $0.configuration() } }

    /// The newest checkpoint from before a step, be it of the run itself or of one that it goes back to, up to where it left that.
    func newestCheckpoint(before step: Int) -> CheckpointStore.Contents? {
        var step = step
        for reader in readers {
            let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
            if let found = store.newest(before: step) { return found.contents }
            // Of a run that began anew, or counts its steps by other batches, its parent's steps say nothing.
            guard let remedy = (try? reader.metadata())?.remedy, let start = remedy.fromStep,
                remedy.change.keys.allSatisfy({ !["training.batchSize", "data.limit"].contains($0) })
            else { return nil }
            step = min(step, start + 1)
        }
        return nil
    }
}
