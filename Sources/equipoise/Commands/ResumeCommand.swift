import ArgumentParser

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Continue a stopped or interrupted run from its newest checkpoint.",
        discussion: """
            Example:
              equipoise resume latest
            """)

    @Argument(help: ArgumentHelp("An id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String
    @OptionGroup var runs: RunsOption
    @OptionGroup var watch: WatchOptions
    @Option(help: "Train on another device: auto, cpu, cuda, cuda:N or mps.") var device: String?
    @Flag(help: "Print only warnings and errors.") var quiet = false

    func run() throws {
        try TerminalSession(runs: runs, watch: watch, console: Console(quiet: quiet))
            .resume(runs.reader(runName), device: device)
    }
}
