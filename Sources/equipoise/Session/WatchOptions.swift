import ArgumentParser
import Dashboard
import Datasets
import Diagnostics
import Exporters
import Foundation
import Recipes
import Runs
import Training

/// What happens when the monitor finds that a training goes wrong.
struct WatchOptions: ParsableArguments {
    enum Reaction: String, ExpressibleByArgument, CaseIterable { case warn, stop, repair }

    @Option(
        help: """
            What to do when a training has failed: warn (and go on), stop (save, and exit with 3), or repair (go back to the last \
            checkpoint from before, with the first remedy, as a new run).
            """)
    var onFailure = Reaction.warn
    @Option(help: ArgumentHelp("How often to repair, at most.", valueName: "times")) var repairs = 3
    @Option(
        help: ArgumentHelp(
            "A shell command to run when a training has failed; EQUIPOISE_FINDING holds why as JSON, EQUIPOISE_RUN the run's folder.",
            valueName: "command"))
    var notify: String?
    @Flag(help: "Also write TensorBoard event files, to the run's folder tensorboard/.") var tensorboard = false
    @Option(help: ArgumentHelp("Also send everything to an MLflow server.", valueName: "url")) var mlflow: String?
    @Option(help: "The experiment on the MLflow server.") var experiment = "equipoise"

    @Flag(help: "Also show the runs in a browser while it trains; the address is printed.") var dashboard = false

    func validate() throws {
        guard (1...20).contains(repairs) else { throw ValidationError("--repairs takes 1 to 20.") }
        if let mlflow { try check(server: mlflow) }
    }

    /// Starts a dashboard if one is wanted; at any free port if the usual one is in use. Its failure keeps no training from
    /// beginning.
    func startDashboard(_ runs: RunsOption, _ console: Console) -> DashboardServer? {
        guard dashboard else { return nil }
        do {
            let address = try DashboardAddress.parse([])
            let server = try DashboardServer.start(address.options(runs), orAtAnyPort: true)
            console.line("dashboard \(server.address)")
            return server
        } catch {
            console.warning("\(error)")
            return nil
        }
    }

    /// Has a monitor watch the training. Without samples to compare with, it judges the losses alone, and that is said.
    func attach(to trainer: Trainer, _ console: Console) throws {
        let configuration = trainer.configuration
        var probe: SampleProbe?
        if configuration.monitor.everyImages > 0 {
            do {
                let store = ReferenceStore { console.line($0) }
                let reference =
                    configuration.monitor.reference.isEmpty
                    ? trainer.data
                    : try DatasetLoader { console.line($0) }.load(.reference(configuration), device: trainer.device)
                guard reference.exampleShape == trainer.data.exampleShape else {
                    throw CommandError(
                        "monitor.reference has \(reference.summary), and the training makes others: \(trainer.data.summary)."
                    )
                }
                probe = try SampleProbe.make(reference, store: store, device: trainer.device)
            } catch {
                console.warning("The samples will not be scored, only the losses: \(error)")
            }
        }
        trainer.monitor = try Monitor(
            configuration, probe: probe, labels: trainer.data.labels, device: trainer.device)
        trainer.stopsOnFailure = onFailure != .warn
    }
}

/// Runs a user's command when a training has failed.
final class Notifier: TrainingObserver {
    private let command: String
    private let folder: RunFolder
    private let console: Console
    private var running: [Process] = []

    init(_ command: String, _ folder: RunFolder, _ console: Console) {
        self.command = command
        self.folder = folder
        self.console = console
    }

    func receive(_ event: TrainingEvent) throws {
        guard case .failed(let diagnosis, _) = event, let finding = diagnosis.findings.first else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "EQUIPOISE_FINDING": try JSONText.encode(finding), "EQUIPOISE_RUN": folder.directory.path,
        ]) { $1 }
        // Its own output would hold a pipe open after the training has ended.
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw CommandError("The command of --notify could not be started: \(error.localizedDescription)")
        }
        running.append(process)
    }

    /// Waits a moment for commands that have not ended, so that the last notice is not lost with the program.
    func finish() {
        let deadline = Date().addingTimeInterval(5)
        while running.contains(where: \.isRunning), Date() < deadline { Thread.sleep(forTimeInterval: 0.02) }
        for process in running where !process.isRunning && process.terminationStatus != 0 {
            console.warning("The command of --notify ended with the code \(process.terminationStatus).")
        }
    }
}
