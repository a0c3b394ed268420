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
    @Flag(help: "Print only warnings and errors.") var quiet = false

    func run() throws {
        let reader = try runs.reader(runName)
        let status = try reader.status()
        guard status != .finished else {
            throw CommandError("The run \(reader.folder.name) is finished; there is nothing left to do.")
        }
        guard status != .running else {
            throw RunStoreError.inUse(folder: reader.folder.directory, process: nil)
        }
        let console = Console(quiet: quiet)
        let preparation = try Preparation(reader.configuration(), console: console)
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: preparation.configuration.checkpoints.keep)
        let trainer = try Trainer(preparation.configuration, data: preparation.data, device: preparation.device)
        trainer.checkpoints = store
        if let checkpoint = newestCheckpoint(store, console) {
            do {
                try trainer.restore(checkpoint.contents)
            } catch {
                throw CommandError("The checkpoint \(checkpoint.name) does not fit the run's configuration: \(error)")
            }
        }
        let writer = try RunWriter.reopen(reader.folder, truncatingAfter: trainer.position.step)
        console.line("run \(writer.folder.name) goes on after step \(trainer.position.step)")
        let code = TrainingSession(trainer: trainer, writer: writer, console: console).run()
        if code != 0 { throw ExitCode(code) }
    }

    /// The newest checkpoint that can be read. Without one the run starts again, which gives the same numbers.
    private func newestCheckpoint(
        _ store: CheckpointStore, _ console: Console
    ) -> (name: String, contents: CheckpointStore.Contents)? {
        do {
            return try store.newest { console.warning($0) }
        } catch {
            console.warning("No checkpoint can be read, so the run starts again from its first step.")
            return nil
        }
    }
}
