import Datasets
import Diagnostics
import Measurements
import Recipes
import Reports
import Runs
import Torch
import Training

/// A run of this program, ready to be judged: what it recorded, and the samples of its newest checkpoint if it scored none.
struct JudgedRun {
    let reader: RunReader
    let configuration: TrainingConfiguration
    private(set) var history: History
    /// What drew the pictures' samples; `nil` without a checkpoint.
    private(set) var probe: SampleProbe?
    /// The step of the checkpoint whose samples were scored now; `nil` if the run scored samples itself.
    private var scoredStep: Int?
    /// The same where only the classes of its samples were counted now.
    private var classifiedStep: Int?
    /// Why the newest samples could not be looked at.
    private(set) var problem: String?

    init(_ reader: RunReader, _ console: Console) throws {
        self.reader = reader
        configuration = try reader.configuration()
        history = try History(reading: reader)
        do {
            try addNewestSamples(console)
        } catch {
            problem = "The newest checkpoint's samples could not be looked at: \(error)"
        }
    }

    private mutating func addNewestSamples(_ console: Console) throws {
        let store = CheckpointStore(folder: reader.folder.checkpoints, keep: 1)
        guard !store.names().isEmpty else { return }
        try LibTorch.keepLargeAllocations()
        guard let checkpoint = try store.newest(report: { console.warning($0) }) else { return }
        let generator = try TrainedGenerator(configuration, checkpoint.contents, device: .cpu)
        let data = try DatasetLoader { console.line($0) }.load(.reference(configuration))
        guard let probe = try SampleProbe.make(data, store: ReferenceStore { console.line($0) }, device: .cpu) else {
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
    func diagnosis() throws -> Diagnosis {
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
