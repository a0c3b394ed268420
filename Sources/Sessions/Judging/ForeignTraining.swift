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
    /// A description of what was judged, in a line or two.
    public private(set) var summary = ""
    /// The series of the samples alone.
    public private(set) var history: History
    /// `nil` if only samples are judged.
    public private(set) var log: ForeignLog?
    /// The probe that measured the samples; `nil` without samples.
    public private(set) var probe: SampleProbe?
    /// Sentences about the assumptions made.
    public private(set) var assumptions: [String] = []
    private let facts: Facts
    private let objective: Objective?

    /// Creates a training of which nothing has been read yet.
    ///
    /// - Parameters:
    ///   - objective: `nil` to infer it from the losses.
    ///   - facts: the known settings of the training.
    /// - Throws: `ConfigurationError` if the two name different objectives.
    public init(objective named: Objective? = nil, facts: Facts = Facts()) throws {
        if let named, let set = facts.objective, named != set {
            throw ConfigurationError.conflict(
                "The objective is given twice, as \(named.rawValue) and as \(set.rawValue); give it once."
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
    ///   - isNeeded: whether an unreadable log is an error; otherwise it is a warning.
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

    /// The largest number of samples that are measured.
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
            throw DataFileError(
                .unsupported, "The reference data (\(data.summary)) is too small to compare samples with.")
        }
        let count = contents.examples.shape[0]
        let order = try Tensor.randomPermutation(count, from: RandomGenerator(seed: 0))
        let chosen = try contents.examples.gathering(order.slice(0..<min(count, ForeignTraining.enoughSamples)))
        add(try probe.measure(chosen), arePoints: !(data is ImageDataset), classes: probe.classes(at:))
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

    /// The diagnosis of the log and the samples.
    public func diagnosis() -> Diagnosis { log?.diagnosis() ?? Diagnosis(history) }
}
