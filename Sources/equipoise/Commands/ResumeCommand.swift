import ArgumentParser
import Foundation
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
    @Option(help: "Another device than the run's: auto, cpu, cuda, cuda:N or mps.") var device: String?
    @Flag(help: "Print only warnings and errors.") var quiet = false

    func run() throws {
        let reader = try runs.reader(runName)
        try requireUnfinished(reader)
        let console = Console(quiet: quiet)
        var configuration = try reader.configuration()
        if let device { try configuration.set("device", to: device) }
        let preparation = try Preparation(configuration, console: console)
        let trainer = try Trainer(preparation.configuration, data: preparation.data, device: preparation.device)
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: preparation.configuration.checkpoints.keep)
        trainer.checkpoints = store
        let writer = try RunWriter.reopen(reader.folder) {
            // Another process may have gone on with the run before the folder was locked.
            try requireUnfinished(reader)
            try restoreNewestCheckpoint(of: store, into: trainer, console)
            store.setAside(after: trainer.position.step)
            return trainer.position.step
        }
        console.line("run \(writer.folder.name) goes on after step \(trainer.position.step)")
        let code = TrainingSession(trainer: trainer, writer: writer, console: console).run()
        if code != 0 { throw ExitCode(code) }
    }

    private func requireUnfinished(_ reader: RunReader) throws {
        guard try reader.status() != .finished else {
            throw CommandError("The run \(reader.folder.name) is finished; there is nothing left to do.")
        }
    }

    /// Goes on from the newest checkpoint that can be read. Without one the run starts again, which gives the same numbers.
    private func restoreNewestCheckpoint(of store: CheckpointStore, into trainer: Trainer, _ console: Console) throws {
        let newest: (name: String, contents: CheckpointStore.Contents)?
        do {
            newest = try store.newest { console.warning($0) }
        } catch {
            console.warning("No checkpoint can be read, so the run starts again from its first step.")
            return
        }
        guard let newest else { return }
        do {
            try trainer.restore(newest.contents)
        } catch {
            throw CommandError("The checkpoint \(newest.name) does not fit the run's configuration: \(error)")
        }
    }
}
