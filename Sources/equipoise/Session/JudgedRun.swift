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
    /// Why the newest samples could not be looked at.
    private(set) var problem: String?

    init(_ reader: RunReader, _ console: Console) throws {
        self.reader = reader
        configuration = try reader.configuration()
        history = try History(reading: reader)
        // Of a run that scored its samples only once there will be no second look.
        if history.windows(.diversity).count == 1 { history.evaluationsNeeded = 1 }
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
        // A classifier may not have been ready while the run was trained.
        if history.has(.diversity), !history.has(.lostClassMass), let classes = probe.classes(at: generator.step) {
            for (series, value) in values where SeriesName.byClassifier.contains(series) {
                history.append(series, step: generator.step, value: value)
            }
            history.classes = classes
        }
        // Beside the run's own evaluations another one at the same step would say the same twice.
        guard !history.has(.diversity) else { return }
        history.evaluationsNeeded = 1
        for (series, value) in values { history.append(series, step: generator.step, value: value) }
        history.classes = probe.classes(at: generator.step)
    }

    /// The diagnosis.
    ///
    /// - Throws: when there is too little to judge anything by.
    func diagnosis() throws -> Diagnosis {
        guard Diagnosis.canJudge(history) else {
            throw CommandError(
                "\(reader.folder.name): there is too little to judge anything by; train it further first.")
        }
        return Diagnosis(history)
    }
}
