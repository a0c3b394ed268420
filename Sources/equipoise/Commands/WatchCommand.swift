import ArgumentParser
import Dashboard
import Diagnostics
import Foundation
import Logs
import Recipes
import Runs
import Watching

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Judge the training of any program while it runs.",
        usage: """
            equipoise watch [<options>] -- <command> ...
            equipoise watch [<options>] <paths> ...
            """,
        discussion: """
            Starts a command and passes its output and input through unchanged, or follows files and folders that another program writes. \
            Reads the losses, records them as a run, and reports findings as they appear. Exits with the command's exit code; without a \
            command, watches until Ctrl-C.

            Examples:
              equipoise watch -- python train.py --epochs 20
              equipoise watch --on-failure stop -- python train.py
              equipoise watch logs/ train.log
            """)

    enum Reaction: String, ExpressibleByArgument, CaseIterable { case warn, stop }

    @Argument(
        help: ArgumentHelp(
            "Files and folders that another program writes or, after --, a command and its arguments.",
            valueName: "paths")
    )
    var words: [String] = []
    /// Whether the words are a command, see ``marked(_:)``.
    @Flag(help: .hidden) var isCommand = false
    @Option(
        help: "What to do on an alarm, when a failure persists: warn, or stop, which ends the command with SIGTERM.")
    var onFailure = Reaction.warn
    @Flag(help: "Exit with 3 if the verdict is failed, whatever the command's exit code.") var failOnFailure = false
    @Option(
        help: ArgumentHelp(
            "A shell command to run on an alarm. EQUIPOISE_FINDING holds the finding as JSON, EQUIPOISE_RUN the run folder.",
            valueName: "command"))
    var notify: String?
    @OptionGroup var live: LiveDashboard
    @OptionGroup var reading: LogReadingOptions
    @Option(help: "A label for the run.") var name: String?
    @OptionGroup var runs: RunsOption

    private var command: [String] { isCommand ? words : [] }
    private var paths: [String] { isCommand ? [] : words }

    /// The arguments with a flag that tells a command from paths: the parser drops the `--` before a command.
    static func marked(_ arguments: [String]) -> [String] {
        guard arguments.first == "watch", let dashes = arguments.firstIndex(of: "--") else { return arguments }
        return arguments[..<dashes] + ["--is-command"] + arguments[dashes...]
    }

    func validate() throws {
        guard !words.isEmpty else {
            throw ValidationError(
                "Give a command after --, such as “equipoise watch -- python train.py”, or paths to follow.")
        }
        guard !command.isEmpty || onFailure == .warn else {
            throw ValidationError("--on-failure stop needs a command that can be ended.")
        }
        try RunLabel.check(name)
    }

    func run() throws {
        let dashboard = live.start(runs, Console())
        defer { dashboard?.stop() }
        let result: LogWatcher.Result?
        var exitCode: Int32 = 0
        if command.isEmpty {
            result = try follow()
        } else {
            let (ending, found) = try watchCommand()
            (result, exitCode) = (found, ending.exitCode)
        }
        WatchText.summary(of: result, name: programName, runs).forEach(complain)
        if failOnFailure, result?.diagnosis.verdict == .failed { throw ExitCode(3) }
        if exitCode != 0 { throw ExitCode(exitCode) }
    }

    private func options() throws -> LogWatcher.Options {
        var options = LogWatcher.Options(
            run: WatchedRun.Options(
                runsDirectory: runs.library.directory, name: programName, label: name, commandLine: command))
        (options.objective, options.columns) = (reading.trainingObjective, reading.column)
        options.facts = try reading.facts()
        options.alarmCommand = notify
        return options
    }

    private func watchCommand() throws -> (CommandSession.Ending, LogWatcher.Result?) {
        var options = try options()
        options.places = [URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)]
        // With a margin for file systems whose clock is behind.
        options.since = Date() - 2
        let session = try CommandSession(command)
        let shouldStop = onFailure == .stop
        let watcher = LogWatcher(options) { event in
            WatchText.lines(of: event).forEach(session.printLine)
            if case .news(let news, _) = event, news.isAlarm, shouldStop, session.terminate() {
                session.printLine("equipoise: ending the command (SIGTERM)")
            }
        }
        let ending = session.run(watcher.receive)
        do {
            return (ending, try watcher.finish(isComplete: ending == .exited(0)))
        } catch {
            // The exit code is the command's, whatever became of the record of it.
            complain("equipoise: \(error)")
            throw ExitCode(ending.exitCode)
        }
    }

    private func follow() throws -> LogWatcher.Result? {
        var options = try options()
        options.places = try paths.map { path in
            let type =
                try? FileManager.default.attributesOfItem(
                    atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type] as? FileAttributeType
            guard let type, [.typeRegular, .typeDirectory].contains(type) else {
                throw CommandError("\(path) is not a file or folder that can be followed.")
            }
            return URL(fileURLWithPath: path)
        }
        let interruption = Interruption(notice: nil)
        let watcher = LogWatcher(options) { WatchText.lines(of: $0).forEach(complain) }
        while !interruption.isRequested { Thread.sleep(forTimeInterval: 0.1) }
        return try watcher.finish(isComplete: true)
    }

    /// The name of the script, or else of the program or the first path.
    private var programName: String {
        guard !command.isEmpty else { return URL(fileURLWithPath: paths[0]).lastPathComponent }
        let script = command.dropFirst().first { [".py", ".sh", ".swift", ".jl"].contains(where: $0.hasSuffix) }
        return ((script ?? command[0]) as NSString).lastPathComponent
    }
}
