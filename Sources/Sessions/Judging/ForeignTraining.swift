import DataFiles
import Datasets
public import Diagnostics
import Foundation
public import Logs
public import Measurements
public import Recipes
import Torch
public import Training

/// Another program's training, ready to be judged: its log, its samples, or both.
public struct ForeignTraining {
    /// What was judged, in a line or two.
    public private(set) var summary = ""
    /// What samples alone showed.
    public private(set) var history: History
    /// `nil` if only samples are judged.
    public private(set) var log: ForeignLog?
    /// What measured the samples; `nil` without any.
    public private(set) var probe: SampleProbe?
    /// Sentences about what was understood and assumed.
    public private(set) var assumptions: [String] = []
    private let facts: Facts
    private let objective: Objective?

    /// A training of which nothing was read yet.
    ///
    /// - Parameters:
    ///   - objective: `nil` to tell by the losses.
    ///   - facts: what is known of the training's settings.
    /// - Throws: `ConfigurationError` if the two name different objectives.
    public init(objective named: Objective? = nil, facts: Facts = Facts()) throws {
        if let named, let set = facts.objective, named != set {
            throw ConfigurationError.conflict(
                "The objective is given as \(named.rawValue) and, among the settings, as \(set.rawValue); give one of them."
            )
        }
        objective = named ?? facts.objective
        self.facts = facts
        history = History(objective: objective ?? .nonSaturating)
        history.facts = facts
    }

    /// Reads its log.
    ///
    /// - Parameters:
    ///   - paths: files or folders.
    ///   - columns: such as `loss_generator=G_loss`.
    ///   - isNeeded: whether the training cannot be judged without it; if it can, a log that cannot be read is a warning.
    public mutating func read(
        log paths: [String], columns: [String], isNeeded: Bool = true, report: (SessionEvent) -> Void
    ) throws {
        do {
            let log = try ForeignLog(paths, columns: columns, objective: objective, facts: facts)
            log.log.warnings.forEach { report(.warning($0)) }
            (summary, assumptions, self.log) = (log.summary, log.assumptions, log)
        } catch let error as LogError where !isNeeded && columns.isEmpty {
            report(.warning("\(error)"))
            assumptions = ["The log was not judged, only the samples: \(error)"]
        }
    }

    /// The most samples that are looked at.
    private static let enoughSamples = 2000

    /// Measures its samples.
    ///
    /// - Parameters: see `ExampleFiles.read(samples:imageSize:like:report:)`.
    public mutating func measure(
        samples: String, imageSize: Int = 0, against reference: String,
        report: @escaping (SessionEvent) -> Void
    ) throws {
        func note(_ sentence: String) { report(.note(sentence)) }
        try LibTorch.keepLargeAllocations()
        let contents = try ExampleFiles.read(samples: samples, imageSize: imageSize, like: reference, report: report)
        let data = try DatasetLoader(report: note).reference(reference, like: contents.examples)
        guard let probe = try SampleProbe.make(data, store: ReferenceStore(report: note), device: .cpu) else {
            throw DataFileError(.unsupported, "\(data.summary) are too few to compare samples with.")
        }
        let count = contents.examples.shape[0]
        let order = try Tensor.randomPermutation(count, from: RandomGenerator(seed: 0))
        let chosen = try contents.examples.gathering(order.slice(0..<min(count, ForeignTraining.enoughSamples)))
        add(try probe.measure(chosen), arePoints: !(data is PictureDataset), classes: probe.classes(at:))
        self.probe = probe
        summary += (summary.isEmpty ? "" : "\n") + "\(samples): \(contents.summary)"
    }

    private mutating func add(
        _ values: [(series: SeriesName, value: Double)], arePoints: Bool, classes: (Int) -> ClassRecord?
    ) {
        log?.add(values, arePoints: arePoints)
        log?.add(classes)
        history.context.arePoints = arePoints
        history.evaluationsNeeded = 1
        for (series, value) in values { history.append(series, step: 0, value: value) }
        history.classes = classes(0)
    }

    /// What is wrong with it.
    public func diagnosis() -> Diagnosis { log?.diagnosis() ?? Diagnosis(history) }
}
