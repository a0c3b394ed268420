import Adversarial
import ArgumentParser
import Datasets
import Foundation
import Networks
import Recipes
import Torch
import Training

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a recipe and record the run.",
        discussion: """
            Examples:
              equipoise train quick
              equipoise train article --data fashion-mnist --epochs 20 --optimizer.generator.beta1 0.9
            """)

    @Argument(help: ArgumentHelp("\(RecipeCatalog.names), or a YAML file.", valueName: "recipe"))
    var recipe: String
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var runs: RunsOption
    @OptionGroup var watch: WatchOptions
    @Option(help: "A label for the run.") var name: String?
    @Option(help: "Data to use if the recipe's data is not on this machine and cannot be downloaded.") var fallbackData:
        String?
    @Flag(help: "Print only warnings and errors.") var quiet = false
    @Flag(help: "Print the resolved configuration and exit.") var dryRun = false

    func validate() throws {
        try RunLabel.check(name)
    }

    func run() throws {
        let requested = try options.configuration(recipe)
        if dryRun {
            try emit(requested.yaml, terminator: "")
            return
        }
        try TerminalSession(runs: runs, watch: watch, console: Console(quiet: quiet))
            .begin(requested, fallbackData: fallbackData, label: name)
    }
}

/// The label that a user gives a run.
enum RunLabel {
    static func check(_ name: String?) throws {
        guard let name else { return }
        guard !name.isEmpty, name != "latest",
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw ValidationError("--name takes a line of text other than \"latest\".")
        }
    }
}
