import ArgumentParser
import Diagnostics
import Foundation
import Logs
import Recipes
import Runs
import Watching

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch a training of any program: what goes wrong, when it goes wrong.",
        discussion: """
            Starts a command and passes its output and input through unchanged. Reads the losses that it prints, records them as a run, \
            and reports findings as they appear. Exits with the command's exit code.

            Examples:
              equipoise watch -- python train.py --epochs 20
              equipoise watch --on-failure stop -- python train.py
            """)

    enum Reaction: String, ExpressibleByArgument, CaseIterable { case warn, stop }

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The command and its arguments, after --.", valueName: "command"))
    var command: [String] = []
    @Option(
        help: "What to do on an alarm, when a failure persists: warn, or stop, which ends the command with SIGTERM.")
    var onFailure = Reaction.warn
    @Flag(help: "Exit with 3 if the verdict is failed, whatever the command's exit code.") var failOnFailure = false
    @OptionGroup var reading: LogReadingOptions
    @Option(help: "A label for the run.") var name: String?
    @OptionGroup var runs: RunsOption

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("Give a command after --, such as: equipoise watch -- python train.py")
        }
        try RunLabel.check(name)
    }

    func run() throws {
        let session = try CommandSession(command)
        var options = LogWatcher.Options(
            source: URL(fileURLWithPath: programName),
            run: WatchedRun.Options(
                runsDirectory: runs.library.directory, name: programName, label: name, commandLine: command))
        (options.objective, options.columns) = (reading.trainingObjective, reading.column)
        options.facts = try reading.facts()
        let shouldStop = onFailure == .stop
        let watcher = LogWatcher(options) { event in
            WatchText.lines(of: event).forEach(session.say)
            if case .news(let news, _) = event, news.isAlarm, shouldStop {
                session.say("equipoise: ending the command (SIGTERM)")
                session.terminate()
            }
        }
        let ending = session.run(watcher.receive)
        let result = try watcher.finish(isComplete: ending == .exited(0))
        WatchText.summary(of: result, name: programName, runs).forEach(complain)
        if failOnFailure, result?.diagnosis.verdict == .failed { throw ExitCode(3) }
        if ending != .exited(0) { throw ExitCode(ending.exitCode) }
    }

    /// The name of the script, or else of the program.
    private var programName: String {
        let script = command.dropFirst().first { [".py", ".sh", ".swift", ".jl"].contains(where: $0.hasSuffix) }
        return ((script ?? command[0]) as NSString).lastPathComponent
    }
}
