import ArgumentParser
import Exporters
import Runs
import Sessions
import Training

/// The options of commands that train: what to do on a failure, and where else to send the series.
struct WatchOptions: ParsableArguments {
    enum Reaction: String, ExpressibleByArgument, CaseIterable { case warn, stop, repair }

    @Option(
        help: """
            What to do when a failure persists (an alarm): warn and continue; stop, which saves and exits with 3; or repair, which starts a new \
            run from the last checkpoint before the failure with the first remedy applied.
            """)
    var onFailure = Reaction.warn
    @Option(help: ArgumentHelp("Maximum number of repairs.", valueName: "times")) var repairs = 3
    @Option(
        help: ArgumentHelp(
            "A shell command to run on an alarm. EQUIPOISE_FINDING holds the finding as JSON, EQUIPOISE_RUN the run folder.",
            valueName: "command"))
    var notify: String?
    @Flag(help: "Also write TensorBoard event files to tensorboard/ in the run folder.") var tensorboard = false
    @Option(help: ArgumentHelp("Also log to an MLflow server.", valueName: "url")) var mlflow: String?
    @Option(help: "The experiment name on the MLflow server.") var experiment = "equipoise"

    @OptionGroup var live: LiveDashboard

    func validate() throws {
        guard (1...20).contains(repairs) else { throw ValidationError("--repairs takes 1 to 20.") }
        if let mlflow { try check(server: mlflow) }
    }

    /// What a session does when its training has failed.
    var reaction: TrainingSession.FailureReaction {
        switch onFailure {
        case .warn: .warn
        case .stop: .stop
        case .repair: .repair(times: repairs)
        }
    }

    /// The observers of a run besides the terminal.
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

/// Rejects an invalid server address before any work is done.
func check(server: String) throws {
    do {
        _ = try MLflowClient(server: server)
    } catch {
        throw ValidationError("\(error)")
    }
}
