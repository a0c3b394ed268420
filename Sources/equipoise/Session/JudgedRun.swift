import Datasets
import Diagnosis
import Reports
import Runs
import Torch
import Training

/// A run of this program, ready to be judged: what it recorded, and the samples of its newest checkpoint if it scored none.
struct JudgedRun {
    let reader: RunReader
    let configuration: Runs.Configuration
    private(set) var history: History
    /// What drew the pictures' samples; `nil` without a checkpoint.
    private(set) var probe: SampleProbe?
    /// The step of the checkpoint whose samples were scored now; `nil` if the run scored samples itself.
    private var scoredStep: Int?
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
        guard let checkpoint = try store.newest(report: { console.warning($0) }) else { return }
        LibTorch.keepLargeAllocations()
        let generator = try TrainedGenerator(configuration, checkpoint.contents, device: .cpu)
        let data = try DatasetLoader { console.line($0) }.load(DatasetLoader.Request(configuration))
        guard let probe = try SampleProbe.make(data, store: ReferenceStore { console.line($0) }, device: .cpu) else {
            return
        }
        let values = try probe.measure(generator.examples(count: configuration.monitor.samples, seed: 1))
        self.probe = probe
        // Beside the run's own evaluations another one at the same step would say the same twice.
        guard !history.has(.diversity) else { return }
        for (series, value) in values { history.append(series, step: generator.step, value: value) }
        scoredStep = generator.step
    }

    /// The diagnosis: that of the run, as everybody says it, or with the samples that were scored now.
    func diagnosis() throws -> Diagnosis {
        let recorded = try reader.diagnosis()
        guard let scoredStep else { return recorded }
        let isRunning = try reader.status() == .running
        var diagnosis = Diagnosis(history, state: isRunning ? .running(isAlarmed: false) : .ended)
        let difference =
            diagnosis.verdict == recorded.verdict
            ? "" : " Without them the verdict is \(recorded.verdict.rawValue), as the list of runs shows it."
        diagnosis.notes.insert(
            "The run scored no samples while it trained; those of its checkpoint of step \(scoredStep) were scored now."
                + difference, at: 0)
        return diagnosis
    }
}
