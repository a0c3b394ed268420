import ArgumentParser
import Diagnostics
import Recipes
import Runs
import Sessions

struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Train a run again with a remedy that its diagnosis recommends.",
        discussion: """
            The new run keeps the seed and links to the old one. equipoise diagnose RUN lists the numbered remedies.

            Examples:
              equipoise retry latest
              equipoise retry latest --remedy 2 --dry-run
            """)

    @Argument(help: ArgumentHelp("An id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName: String
    @Option(help: "The number of the remedy to apply.") var remedy = 1
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Also change this recipe key; may be repeated. Each key is also a flag: --training.packing 2.",
            valueName: "key=value"))
    var assignments: [String] = []
    @OptionGroup var runs: RunsOption
    @OptionGroup var watch: WatchOptions
    @Option(help: "A label for the run.") var name: String?
    @Flag(help: "Print only warnings and errors.") var quiet = false
    @Flag(help: "Print what would change and exit.") var dryRun = false

    func validate() throws {
        guard remedy >= 1 else { throw ValidationError("--remedy takes a number from 1.") }
        try RunLabel.check(name)
    }

    func run() throws {
        let console = Console(quiet: quiet)
        let reader = try runs.reader(runName)
        let diagnosis = try JudgedRun(reader, report: console.show).diagnosis()
        let retry = try Retry(reader, diagnosis: diagnosis, remedy: remedy, assignments: assignments)
        if try reader.status() == .running {
            console.warning("\(reader.folder.name) is still running; the new run trains beside it.")
        }
        if !quiet || dryRun {
            try emit("\(diagnosis.verdict.rawValue): \(retry.reason)")
            try emit("\(retry.remedy.title). \(retry.remedy.why) [\(retry.remedy.source)]")
            for change in retry.changes { try emit("  \(change.path): \(change.theirs) → \(change.ours)") }
            try emit("")
        }
        guard !dryRun else { return }
        try TerminalSession(runs: runs, watch: watch, console: console)
            .begin(retry.configuration, label: name, origin: retry.origin)
    }
}
