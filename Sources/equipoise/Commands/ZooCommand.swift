import ArgumentParser
import Datasets
import Diagnostics
import Foundation
import Recipes
import Reports
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
              equipoise zoo --remedies --recipes digits-latent-1
            """)

    @Option(help: "Seeds, separated by commas.") var seeds = "1,2,3"
    @Option(help: "Recipes of the zoo, separated by commas; all of them without it.") var recipes: String?
    @Option(help: ArgumentHelp("The folder of the runs.", valueName: "dir")) var runs = "zoo-runs"
    @Option(help: "How many samples of each checkpoint decide what is true.") var count = 1000
    @Option(help: "Processor threads; 0 for all cores.") var threads = 0
    @Flag(help: "Also train every run that is called failed again with its first remedy, and say how often that heals.")
    var remedies = false
    @Flag(help: "Print JSON only.") var json = false

    func validate() throws {
        guard (50...100_000).contains(count) else { throw ValidationError("--count takes 50 to 100,000.") }
        for (name, list) in [("--seeds", seeds), ("--recipes", recipes ?? "all")] {
            let words = list.split(separator: ",", omittingEmptySubsequences: false)
            guard !words.contains(""), Set(words).count == words.count else {
                throw ValidationError("\(name) takes different values, separated by commas.")
            }
        }
    }

    func run() throws {
        try LibTorch.keepLargeAllocations()
        let console = Console(quiet: json)
        let library = RunLibrary(directory: URL(fileURLWithPath: runs, isDirectory: true))
        var outcomes: [ZooOutcome] = []
        var retries: [ZooRetry] = []
        for name in try names() {
            for seed in try numbers() {
                console.line("\(name), seed \(seed)")
                let recipe = try Candidate(RecipeCatalog.configuration(zoo: name), name, seed)
                let (reader, outcome) = try outcome(recipe, in: library, console)
                outcomes.append(outcome)
                guard remedies, outcome.isCalled, let remedy = try firstRemedy(reader) else { continue }
                console.line("\(name), seed \(seed): \(remedy.title)")
                var again = Candidate(
                    try reader.configuration().applying(remedy.change).validated(), "\(name)+remedy", seed)
                (again.parent, again.remedy) = (try reader.metadata().id, remedy)
                retries.append(
                    ZooRetry(
                        remedy: remedy.title, before: outcome, after: try self.outcome(again, in: library, console).1))
            }
        }
        let report = ZooReport(outcomes, retries)
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

    /// A training of the zoo.
    private struct Candidate {
        let configuration: TrainingConfiguration
        let name: String
        let seed: Int
        /// The run that it repeats, and with what.
        var parent: RunIdentifier?
        var remedy: AppliedRemedy?
        var label: String { "\(name)-\(seed)" }

        init(_ configuration: TrainingConfiguration, _ name: String, _ seed: Int) {
            self.configuration = configuration
            self.name = name
            self.seed = seed
        }
    }

    /// The first remedy of a run's diagnosis.
    private func firstRemedy(_ reader: RunReader) throws -> AppliedRemedy? {
        try reader.diagnosis().changes.first.map {
            AppliedRemedy(title: $0.remedy.title, reason: $0.reason, change: $0.remedy.change)
        }
    }

    /// A run of the candidate as it stands now; one of an older version of it does not count.
    private func finishedRun(_ candidate: Candidate, in library: RunLibrary) throws -> RunFolder? {
        let recipe = candidate.configuration
        return library.list().first { summary in
            guard summary.label == candidate.label, summary.status == .finished,
                let run = try? RunReader(summary.folder).configuration()
            else { return false }
            // A run's configuration says the size of its pictures too.
            let free = ["seed", "device", "threads", "data.channels", "data.imageSize"]
            return run.seed == candidate.seed && run.differences(from: recipe).allSatisfy { free.contains($0.path) }
        }?.folder
    }

    private func train(_ candidate: Candidate, in library: RunLibrary) throws -> RunFolder {
        var configuration = candidate.configuration
        configuration.seed = candidate.seed
        configuration.threads = threads
        let quiet = Console(quiet: true)
        let preparation = try Preparation(configuration, console: quiet)
        let trainer = try Trainer(preparation.configuration, data: preparation.data, device: preparation.device)
        try WatchOptions.parse([]).attach(to: trainer, quiet)
        let writer = try RunWriter.create(
            in: library.directory, configuration: preparation.configuration,
            metadata: RunMetadata.captured(
                label: candidate.label, device: preparation.deviceDescription,
                threads: preparation.configuration.threads, equipoiseVersion: Equipoise.version,
                torchVersion: LibTorch.version, parent: candidate.parent, remedy: candidate.remedy))
        trainer.checkpoints = CheckpointStore(
            folder: writer.folder.checkpoints, keep: preparation.configuration.checkpoints.keep)
        trainer.observe(RunRecorder(writer))
        try writer.finish(trainer.run())
        return writer.folder
    }

    /// A class of which a training saw at most this share is lost by construction.
    private static let lostPortion = 0.1

    /// Measures the truth against all of the data, also where a training saw only the first images of it.
    private func meter(_ configuration: TrainingConfiguration, _ console: Console) throws -> GroundTruthMeter {
        var request = DatasetLoader.Request(configuration)
        let store = ReferenceStore { console.line($0) }
        let seen = try DatasetLoader().load(request)
        let leftOut = Set(request.classPortions.filter { $0.value <= ZooCommand.lostPortion }.keys)
        let isPart = request.limit > 0 && seen is PictureDataset
        (request.limit, request.classPortions) = (isPart ? 0 : request.limit, [:])
        return try GroundTruthMeter(
            DatasetLoader().load(request), trainedOn: isPart ? seen.count : 0, without: leftOut, store: store)
    }

    /// What is true of a run's checkpoints, and what the diagnosis says at its end and said first.
    private func outcome(
        _ candidate: Candidate, in library: RunLibrary, _ console: Console
    ) throws -> (RunReader, ZooOutcome) {
        let reader = try RunReader(finishedRun(candidate, in: library) ?? train(candidate, in: library))
        let configuration = try reader.configuration()
        let meter = try meter(configuration, console)
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
        let truths = try store.all().map { contents in
            let generator = try TrainedGenerator(configuration, contents, device: .cpu)
            return ZooOutcome.Truth(
                step: generator.step, truth: try meter.measure(generator.examples(count: count, seed: 99)))
        }
        return (
            reader,
            ZooOutcome(
                recipe: candidate.name, seed: candidate.seed, truths: truths, diagnoses: try ZooOutcome.replay(reader))
        )
    }
}
