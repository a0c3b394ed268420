import ArgumentParser
import Datasets
import Diagnosis
import Foundation
import Runs
import Torch
import Training

struct ZooCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo",
        abstract: "Measure the diagnosis: train sound and failing recipes, and compare what is said with what is true.",
        discussion: """
            Runs that are there already (a recipe's name and a seed for a label) are not trained again.

            Examples:
              equipoise zoo --seeds 1 --recipes ring,ring-fast-generator
              equipoise zoo --seeds 1,2,3 --runs zoo-runs --json
            """)

    @Option(help: "Seeds, separated by commas.") var seeds = "1,2,3"
    @Option(help: "Recipes of the zoo, separated by commas; all of them without it.") var recipes: String?
    @Option(help: ArgumentHelp("The folder of the runs.", valueName: "dir")) var runs = "zoo-runs"
    @Option(help: "How many samples of each checkpoint decide what is true.") var count = 1000
    @Option(help: "Processor threads; 0 for all cores.") var threads = 0
    @Flag(help: "Print JSON only.") var json = false

    func validate() throws {
        guard (50...100_000).contains(count) else { throw ValidationError("--count takes 50 to 100,000.") }
        guard !seeds.isEmpty, recipes?.isEmpty != true else {
            throw ValidationError("--seeds and --recipes need a value.")
        }
    }

    func run() throws {
        LibTorch.keepLargeAllocations()
        let console = Console(quiet: json)
        let library = RunLibrary(directory: URL(fileURLWithPath: runs, isDirectory: true))
        var outcomes: [ZooOutcome] = []
        for name in try names() {
            for seed in try numbers() {
                console.line("\(name), seed \(seed)")
                let folder = try finishedRun(name, seed, in: library) ?? train(name, seed, in: library)
                outcomes.append(try outcome(RunReader(folder), name, seed, console))
            }
        }
        let report = ZooReport(outcomes)
        try json ? emit(JSONText.encode(report)) : report.lines.forEach { try emit($0) }
    }

    private func names() throws -> [String] {
        let all = RecipeCatalog.zoo.map(\.name)
        let wanted = recipes?.split(separator: ",").map(String.init) ?? all
        if let stranger = wanted.first(where: { !all.contains($0) }) {
            throw CommandError("The zoo has no recipe “\(stranger)”; it has \(all.joined(separator: ", ")).")
        }
        return wanted
    }

    private func numbers() throws -> [Int] {
        try seeds.split(separator: ",").map { text in
            guard let seed = Int(text), seed >= 0 else {
                throw CommandError("“\(text)” is no seed; --seeds takes whole numbers separated by commas.")
            }
            return seed
        }
    }

    /// A run of the recipe as it stands now; one of an older version of it does not count.
    private func finishedRun(_ name: String, _ seed: Int, in library: RunLibrary) throws -> RunFolder? {
        let recipe = try RecipeCatalog.configuration(zoo: name)
        return library.list().first { summary in
            guard summary.label == "\(name)-\(seed)", summary.status == .finished,
                let run = try? RunReader(summary.folder).configuration()
            else { return false }
            return run.seed == seed && run.data.source == recipe.data.source && run.network == recipe.network
                && run.objective == recipe.objective && run.optimizer == recipe.optimizer
                && run.training == recipe.training
        }?.folder
    }

    private func train(_ name: String, _ seed: Int, in library: RunLibrary) throws -> RunFolder {
        var configuration = try RecipeCatalog.configuration(zoo: name)
        configuration.seed = seed
        configuration.threads = threads
        let quiet = Console(quiet: true)
        let preparation = try Preparation(configuration, console: quiet)
        let trainer = try Trainer(preparation.configuration, data: preparation.data, device: preparation.device)
        try WatchOptions.parse([]).attach(to: trainer, quiet)
        let writer = try RunWriter.create(
            in: library.directory, configuration: preparation.configuration,
            metadata: RunMetadata.captured(
                label: "\(name)-\(seed)", device: preparation.deviceDescription,
                threads: preparation.configuration.threads, equipoiseVersion: Equipoise.version,
                torchVersion: LibTorch.version))
        trainer.checkpoints = CheckpointStore(
            folder: writer.folder.checkpoints, keep: preparation.configuration.checkpoints.keep)
        trainer.observe(RunRecorder(writer))
        try writer.finish(trainer.run())
        return writer.folder
    }

    /// What is true of a run's checkpoints, and what the diagnosis says at its end and said first.
    private func outcome(_ reader: RunReader, _ name: String, _ seed: Int, _ console: Console) throws -> ZooOutcome {
        let configuration = try reader.configuration()
        let data = try DatasetLoader().load(DatasetLoader.Request(configuration))
        let meter = try GroundTruthMeter(data, store: ReferenceStore { console.line($0) })
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
        let truths = try store.all().map { contents in
            let generator = try TrainedGenerator(configuration, contents, device: .cpu)
            return ZooOutcome.Truth(
                step: generator.step, truth: try meter.measure(generator.examples(count: count, seed: 99)))
        }
        return ZooOutcome(recipe: name, seed: seed, truths: truths, diagnoses: try ZooOutcome.replay(reader))
    }
}
