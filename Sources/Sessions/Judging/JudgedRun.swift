import Datasets
public import Diagnostics
import Measurements
public import Recipes
public import Runs
import Torch
public import Training

/// A run of this program, ready to be judged: what it recorded, and the samples of its newest checkpoint if it scored none.
public struct JudgedRun {
    public let reader: RunReader
    public let configuration: TrainingConfiguration
    public private(set) var history: History
    /// What drew the pictures' samples; `nil` without a checkpoint.
    public private(set) var probe: SampleProbe?
    /// The step of the checkpoint whose samples were scored now; `nil` if the run scored samples itself.
    private var scoredStep: Int?
    /// The same where only the classes of its samples were counted now.
    private var classifiedStep: Int?
    /// Why the newest samples could not be looked at.
    public private(set) var problem: String?

    /// - Parameter report: takes notes and warnings about what takes long or cannot be used.
    public init(_ reader: RunReader, report: @escaping (SessionEvent) -> Void = { _ in }) throws {
        self.reader = reader
        configuration = try reader.configuration()
        history = try History(reading: reader)
        do {
            try addNewestSamples(report)
        } catch {
            problem = "The newest checkpoint's samples could not be looked at: \(error)"
        }
    }

    private mutating func addNewestSamples(_ report: @escaping (SessionEvent) -> Void) throws {
        // Only the program that trained them can make networks and data of its own.
        guard configuration.network.architecture != .custom, configuration.data.source != TrainingSetup.customSource
        else {
            return
        }
        func note(_ sentence: String) { report(.note(sentence)) }
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
        guard !store.names().isEmpty else { return }
        try LibTorch.keepLargeAllocations()
        guard let checkpoint = try store.newest(report: { report(.warning($0)) }) else { return }
        let generator = try TrainedGenerator(configuration, checkpoint.contents, device: .cpu)
        let data = try DatasetLoader(report: note).load(.reference(configuration))
        guard let probe = try SampleProbe.make(data, store: ReferenceStore(report: note), device: .cpu) else {
            return
        }
        let values = try probe.measure(generator.examples(count: configuration.monitor.samples, seed: 1))
        self.probe = probe
        // A classifier may not have been ready while the run was trained.
        if history.has(.diversity), !history.has(.lostClassMass), let classes = probe.classes(at: generator.step) {
            for (series, value) in values where SeriesName.byClassifier.contains(series) {
                history.append(series, step: generator.step, value: value)
            }
            history.classes = classes
            classifiedStep = generator.step
        }
        // Beside the run's own evaluations another one at the same step would say the same twice.
        guard !history.has(.diversity) else { return }
        for (series, value) in values { history.append(series, step: generator.step, value: value) }
        scoredStep = generator.step
        history.classes = probe.classes(at: generator.step)
    }

    /// The diagnosis: that of the run, as everybody says it, or with the samples that were scored now.
    public func diagnosis() throws -> Diagnosis {
        let recorded = try reader.diagnosis()
        guard let step = scoredStep ?? classifiedStep else { return recorded }
        let isRunning = try reader.status() == .running
        var diagnosis = Diagnosis(history, state: isRunning ? .running(isAlarmed: false) : .ended)
        let difference =
            diagnosis.verdict == recorded.verdict
            ? "" : " Without them the verdict is \(recorded.verdict.rawValue), as the list of runs shows it."
        diagnosis.notes.insert(
            "The run \(scoredStep == nil ? "had no classifier of the data's classes" : "scored no samples") while it trained; the "
                + "samples of its checkpoint of step \(step) were scored now." + difference, at: 0)
        return diagnosis
    }
}
