import ArgumentParser

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
        try TerminalSession(runs: runs, watch: watch, console: Console(quiet: quiet))
            .resume(runs.reader(runName), device: device)
    }
}
