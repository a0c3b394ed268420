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
        help: ArgumentHelp("Also change this recipe key; may be repeated.", valueName: "key=value"))
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
        let judged = try JudgedRun(reader, report: console.show)
        let diagnosis = try judged.diagnosis()
        let remedies = diagnosis.changes
        guard !remedies.isEmpty else {
            throw CommandError(
                "The diagnosis of \(reader.folder.name) recommends no change of the configuration.")
        }
        guard remedies.indices.contains(remedy - 1) else {
            throw CommandError(
                "--remedy \(remedy) is out of range: the diagnosis of \(reader.folder.name) has \(remedies.count) remedies."
            )
        }
        let (chosen, cause) = remedies[remedy - 1]
        let remedied = try judged.configuration.applying(chosen.change)
        var changed = remedied
        try changed.set(assignments: assignments)
        let configuration = try changed.validated()
        let differences = configuration.differences(from: judged.configuration)
        let ofRemedy = remedied.differences(from: judged.configuration)
        guard differences.contains(where: { ofRemedy.contains($0) }) else {
            throw CommandError(
                "--set undoes everything that the remedy changes (\(ofRemedy.map(\.path).joined(separator: ", "))); choose another "
                    + "remedy with --remedy."
            )
        }
        if try reader.status() == .running {
            console.warning("\(reader.folder.name) is still running; the new run trains beside it.")
        }
        if !quiet || dryRun {
            try emit("\(diagnosis.verdict.rawValue): \(cause)")
            try emit("\(chosen.title). \(chosen.why) [\(chosen.source)]")
            for difference in differences {
                try emit("  \(difference.path): \(difference.theirs) → \(difference.ours)")
            }
            try emit("")
        }
        guard !dryRun else { return }
        let change = Dictionary(uniqueKeysWithValues: differences.map { ($0.path, $0.ours) })
        let origin = TrainingSession.Origin(
            parent: try reader.metadata().id,
            remedy: AppliedRemedy(title: chosen.title, reason: cause, change: change))
        try TerminalSession(runs: runs, watch: watch, console: console)
            .begin(configuration, label: name, origin: origin)
    }
}
