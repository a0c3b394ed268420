import ArgumentParser
import Dashboard
import Exporters
import Runs
import Sessions
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

    /// What a session does when its training has failed.
    var reaction: TrainingSession.FailureReaction {
        switch onFailure {
        case .warn: .warn
        case .stop: .stop
        case .repair: .repair(times: repairs)
        }
    }

    /// What watches a run besides the terminal.
    func observers(_ folder: RunFolder, _ console: Console) -> [any TrainingObserver] {
        var observers: [any TrainingObserver] = []
        if let client = mlflow.flatMap({ try? MLflowClient(server: $0) }) {
            observers.append(
                MLflowRecorder(folder, client, experiment: experiment) { complain("warning: \($0)") })
        }
        if tensorboard { observers.append(TensorBoardRecorder(folder)) }
        if let notify { observers.append(FailureCommand(notify, folder) { console.warning($0) }) }
        return observers
    }
}

/// Refuses an address that is no MLflow server's, before anything is done.
func check(server: String) throws {
    do {
        _ = try MLflowClient(server: server)
    } catch {
        throw ValidationError("\(error)")
    }
}
