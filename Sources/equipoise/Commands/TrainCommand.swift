import Adversarial
import ArgumentParser
import Datasets
import Foundation
import Networks
import Runs
import Torch
import Training

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a recipe, and record everything about it.",
        discussion: """
            Examples:
              equipoise train quick
              equipoise train article --data fashion-mnist --epochs 20 --set optimizer.generator.beta1=0.9
            """)

    @Argument(help: ArgumentHelp("One of \(RecipeCatalog.names), or a YAML file.", valueName: "recipe"))
    var recipe: String
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var runs: RunsOption
    @OptionGroup var watch: WatchOptions
    @Option(help: "A label for people.") var name: String?
    @Option(help: "Data to take when the recipe's is not here and cannot be downloaded.") var fallbackData: String?
    @Flag(help: "Print only warnings and errors.") var quiet = false
    @Flag(help: "Print the resolved configuration, and stop.") var dryRun = false

    func validate() throws {
        guard let name else { return }
        guard !name.isEmpty, name != "latest",
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw ValidationError("--name takes a line of text other than \"latest\".")
        }
    }

    func run() throws {
        let requested = try options.configuration(recipe)
        if dryRun {
            try emit(requested.yaml, terminator: "")
            return
        }
        let console = Console(quiet: quiet)
        let preparation = try Preparation(requested, fallbackData: fallbackData, console: console)
        let configuration = preparation.configuration
        let trainer = try Trainer(configuration, data: preparation.data, device: preparation.device)
        try watch.attach(to: trainer, console)
        let writer = try RunWriter.create(
            in: runs.library.directory, configuration: configuration,
            metadata: RunMetadata.captured(
                label: name, device: preparation.deviceDescription, threads: configuration.threads,
                equipoiseVersion: Equipoise.version, torchVersion: LibTorch.version))
        trainer.checkpoints = CheckpointStore(
            folder: writer.folder.checkpoints, keep: configuration.checkpoints.keep)

        configuration.yaml.split(separator: "\n").forEach { console.line(String($0)) }
        console.line()
        console.line("\(preparation.data.summary); \(preparation.deviceDescription)")
        console.line(
            "generator \(trainer.game.generator.network.parameterCount) parameters, discriminator "
                + "\(trainer.game.discriminator.network.parameterCount); \(trainer.plan.totalSteps) steps, "
                + "\(trainer.plan.stepsPerEpoch) an epoch")
        console.line("run \(writer.folder.name)")
        let code = TrainingSession(trainer: trainer, writer: writer, console: console, watch: watch).run()
        if code != 0 { throw ExitCode(code) }
    }
}
