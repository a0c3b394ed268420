import Datasets
public import Diagnostics
import Foundation
public import Recipes
public import Runs
public import Sessions
import Torch
import Training

/// Trains recipes, measures the ground truth, and compares it with the diagnosis. Finished runs are not trained again.
public struct Zoo {
    /// The library of the runs.
    public let library: RunLibrary
    /// The number of samples per checkpoint for the ground truth.
    public let samples: Int
    /// CPU threads; 0 uses all cores.
    public let threads: Int
    /// Receives sentences about lengthy work.
    public let report: (String) -> Void

    public init(in library: RunLibrary, samples: Int, threads: Int = 0, report: @escaping (String) -> Void = { _ in }) {
        self.library = library
        self.samples = samples
        self.threads = threads
        self.report = report
    }

    /// A training of the zoo.
    public struct Candidate {
        public let configuration: TrainingConfiguration
        public let name: String
        public let seed: Int
        /// The run that it retries, with the remedy.
        let origin: TrainingSession.Origin?
        var label: String { "\(name)-\(seed)" }
        /// The title of the remedy that it applies; empty without one.
        public var remedy: String { origin?.remedy.title ?? "" }

        public init(
            _ configuration: TrainingConfiguration, _ name: String, _ seed: Int, origin: TrainingSession.Origin? = nil
        ) {
            self.configuration = configuration
            self.name = name
            self.seed = seed
            self.origin = origin
        }
    }

    /// The ground truth of a run's checkpoints and its diagnoses over time; trains the run first if it does not exist.
    public func outcome(_ candidate: Candidate) throws -> (run: RunReader, outcome: ZooOutcome) {
        let reader = try RunReader(finishedRun(candidate) ?? train(candidate))
        let configuration = try reader.configuration()
        let meter = try meter(configuration)
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
        let truths = try store.all().map { contents in
            let generator = try TrainedGenerator(configuration, contents, device: .cpu)
            return ZooOutcome.Truth(
                step: generator.step, truth: try meter.measure(generator.examples(count: samples, seed: 99)))
        }
        return (
            reader,
            ZooOutcome(
                recipe: candidate.name, seed: candidate.seed, truths: truths, diagnoses: try ZooOutcome.replay(reader))
        )
    }

    /// A candidate with the first remedy of a run's diagnosis; `nil` if there is none.
    public func remedied(_ run: RunReader, _ outcome: ZooOutcome) throws -> Candidate? {
        guard let (remedy, reason) = try run.diagnosis().changes.first else { return nil }
        return Candidate(
            try run.configuration().applying(remedy.change).validated(), "\(outcome.recipe)+remedy", outcome.seed,
            origin: TrainingSession.Origin(
                parent: try run.metadata().id,
                remedy: AppliedRemedy(title: remedy.title, reason: reason, change: remedy.change)))
    }

    /// A finished run of the candidate's present configuration; runs of older versions do not count.
    private func finishedRun(_ candidate: Candidate) throws -> RunFolder? {
        let recipe = candidate.configuration
        return library.list().first { summary in
            guard summary.label == candidate.label, summary.status == .finished,
                let run = try? RunReader(summary.folder).configuration()
            else { return false }
            // A run's configuration also contains the image size.
            let free = ["seed", "device", "threads", "data.channels", "data.imageSize"]
            return run.seed == candidate.seed && run.differences(from: recipe).allSatisfy { free.contains($0.path) }
        }?.folder
    }

    private func train(_ candidate: Candidate) throws -> RunFolder {
        var configuration = candidate.configuration
        configuration.seed = candidate.seed
        configuration.threads = threads
        var options = TrainingSession.Options()
        options.library = library
        options.label = candidate.label
        options.report = warn
        let session = try TrainingSession(
            TrainingSetup(configuration, report: warn), options, origin: candidate.origin)
        try session.run()
        return session.folder
    }

    /// Passes on what may falsify the measurement.
    private func warn(_ event: SessionEvent) {
        if case .warning(let sentence) = event { report("warning: \(sentence)") }
    }

    /// A class of which the training data holds at most this share is lost by construction.
    private static let lostPortion = 0.1

    /// A meter that uses all of the data, even if the training used only the first images.
    private func meter(_ configuration: TrainingConfiguration) throws -> GroundTruthMeter {
        var request = DatasetLoader.Request(configuration)
        let store = ReferenceStore(report: report)
        let seen = try DatasetLoader().load(request)
        let leftOut = Set(request.classPortions.filter { $0.value <= Zoo.lostPortion }.keys)
        let isPart = request.limit > 0 && seen is ImageDataset
        (request.limit, request.classPortions) = (isPart ? 0 : request.limit, [:])
        return try GroundTruthMeter(
            DatasetLoader().load(request), trainedOn: isPart ? seen.count : 0, without: leftOut, store: store)
    }
}
