import ArgumentParser
import Dashboard
import Foundation
import Recipes
import Runs
import Torch
import Training

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with a run that was stopped or interrupted, as if it had not been.",
        discussion: """
            Example:
              equipoise resume latest
            """)

    @Argument(help: ArgumentHelp("An id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String
    @OptionGroup var runs: RunsOption
    @OptionGroup var watch: WatchOptions
    @Option(help: "Another device than the run's: auto, cpu, cuda, cuda:N or mps.") var device: String?
    @Flag(help: "Print only warnings and errors.") var quiet = false

    func run() throws {
        let reader = try runs.reader(runName)
        try requireUnfinished(reader)
        guard try reader.status() != .running else {
            throw RunStoreError.inUse(folder: reader.folder.directory, process: nil)
        }
        let console = Console(quiet: quiet)
        var configuration = try reader.configuration()
        if let device { try configuration.set("device", to: device) }
        let preparation = try Preparation(configuration, console: console)
        let trainer = try Trainer(preparation.configuration, data: preparation.data, device: preparation.device)
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: preparation.configuration.checkpoints.keep)
        trainer.checkpoints = store
        try watch.attach(to: trainer, console)
        let writer = try RunWriter.reopen(reader.folder) {
            // Another process may have gone on with the run before the folder was locked.
            try requireUnfinished(reader)
            try restoreNewestCheckpoint(of: store, into: trainer, console)
            store.setAside(after: trainer.position.step)
            return trainer.position.step
        }
        let notes = try reader.notes()
        trainer.monitor?.restore(
            try reader.measurements(), findings: try reader.findings(),
            wasFailed: notes.contains { $0.kind == "failed" })
        console.line("run \(writer.folder.name) goes on after step \(trainer.position.step)")
        let dashboard = watch.startDashboard(runs, console)
        defer { dashboard?.stop() }
        let code = try TrainingSession(trainer: trainer, writer: writer, console: console, watch: watch)
            .runWithRepairs(in: runs)
        if code != 0 { throw ExitCode(code) }
    }

    private func requireUnfinished(_ reader: RunReader) throws {
        guard try reader.status() != .finished else {
            throw CommandError("The run \(reader.folder.name) is finished; there is nothing left to do.")
        }
    }

    /// Goes on from the newest checkpoint that can be used. If none can even be read, the run starts again, which gives the
    /// same numbers.
    private func restoreNewestCheckpoint(of store: CheckpointStore, into trainer: Trainer, _ console: Console) throws {
        var isChanged = false
        do {
            try store.newest(report: { console.warning($0) }) { contents in
                isChanged = true
                try trainer.restore(contents)
            }
        } catch {
            guard !isChanged else {
                throw CommandError(
                    "No checkpoint in \(store.folder.path) fits the run's configuration (\(error)); remove that folder's "
                        + "contents to start the run again.")
            }
            console.warning("No checkpoint can be read, so the run starts again from its first step.")
        }
    }
}
