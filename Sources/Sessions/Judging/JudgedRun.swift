import Datasets
public import Diagnostics
import Measurements
public import Recipes
public import Runs
import Torch
public import Training

/// A recorded run, ready to be judged: its series, and the samples of its newest checkpoint if the run scored none.
public struct JudgedRun {
    public let reader: RunReader
    /// The series; of a run of another program with several pairs of players, those of the first pair.
    public private(set) var history: History
    /// What was judged, in a few words.
    public var summary: String {
        let source = program.map { "recorded from \($0)" } ?? history.objective.rawValue
        return "\(reader.folder.name): \(history.length(history.lastStep)), \(source)"
    }
    /// The program that trained the run; `nil` for a training of Equipoise.
    private let program: String?
    /// The probe that measured the samples; `nil` without a checkpoint.
    public private(set) var probe: SampleProbe?
    /// The step of the checkpoint whose samples were scored for this diagnosis; `nil` if the run scored samples itself.
    private var scoredStep: Int?
    /// The step of the checkpoint whose samples were only classified for this diagnosis.
    private var classifiedStep: Int?
    /// Why the newest samples could not be measured.
    public private(set) var problem: String?

    /// - Parameter report: receives notes about lengthy work and warnings about unusable checkpoints.
    public init(_ reader: RunReader, report: @escaping (SessionEvent) -> Void = { _ in }) throws {
        self.reader = reader
        if let program = try reader.metadata().program {
            self.program = program.name
            history = try program.histories(reading: reader).first?.history ?? History(objective: .nonSaturating)
            return
        }
        program = nil
        history = try History(reading: reader)
        do {
            try addNewestSamples(reader.configuration(), report)
        } catch {
            problem = "The samples of the newest checkpoint could not be measured: \(error)"
        }
    }

    private mutating func addNewestSamples(
        _ configuration: TrainingConfiguration, _ report: @escaping (SessionEvent) -> Void
    ) throws {
        // Only the program that trained them has custom networks and data.
        guard !configuration.needsItsProgram else { return }
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
        // The classifier may not have been ready during the training.
        if history.has(.diversity), !history.has(.lostClassMass), let classes = probe.classes(at: generator.step) {
            for (series, value) in values where SeriesName.byClassifier.contains(series) {
                history.append(series, step: generator.step, value: value)
            }
            history.classes = classes
            classifiedStep = generator.step
        }
        // The run has evaluations of its own.
        guard !history.has(.diversity) else { return }
        for (series, value) in values { history.append(series, step: generator.step, value: value) }
        scoredStep = generator.step
        history.classes = probe.classes(at: generator.step)
    }

    /// The stored diagnosis of the run, or one that includes the samples scored now.
    public func diagnosis() throws -> Diagnosis {
        let recorded = try reader.diagnosis()
        guard let step = scoredStep ?? classifiedStep else { return recorded }
        let isRunning = try reader.status() == .running
        var diagnosis = Diagnosis(history, state: isRunning ? .running(isAlarmed: false) : .ended)
        let difference =
            diagnosis.verdict == recorded.verdict
            ? "" : " The list of runs shows the verdict without them: \(recorded.verdict.rawValue)."
        diagnosis.notes.insert(
            "The run \(scoredStep == nil ? "had no classifier of the data's classes" : "scored no samples") during training, so the "
                + "samples of its checkpoint at step \(step) were scored now." + difference, at: 0)
        return diagnosis
    }
}
