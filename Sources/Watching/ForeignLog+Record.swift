import Diagnostics
public import Foundation
public import Logs
import Measurements
public import Runs

extension ForeignLog {
    /// Stores the log as a run: its series, how they were read, and their diagnosis.
    ///
    /// The run has no configuration, so it can be shown, compared, reported, exported and diagnosed, but not continued.
    /// The time of every step is that of the recording, since logs rarely have one.
    ///
    /// - Parameters:
    ///   - runsDirectory: the folder of all runs; created if missing.
    ///   - name: the program's name in lists; by default that of the log file.
    ///   - parameters: the program's own parameters, by name.
    ///   - label: a label for the run.
    /// - Throws: ``RunStoreError``
    public func record(
        in runsDirectory: URL, name: String? = nil, parameters: [String: String] = [:], label: String? = nil
    ) throws -> RunFolder {
        let file = URL(fileURLWithPath: log.source)
        let program = ForeignProgram(self, name: name ?? file.lastPathComponent)
        let metadata = RunMetadata.captured(
            device: "", threads: 0, torchVersion: "", commandLine: [],
            workingDirectory: file.deletingLastPathComponent(),
            program: program)
        let writer = try RunWriter.create(
            in: runsDirectory, parameters: parameters, metadata: metadata, label: label)
        measurements(of: program).forEach(writer.record)
        if let classes = players.first?.history.classes { writer.record(classes) }
        for sentence in assumptions { writer.note("reading", sentence) }
        writer.record(DiagnosisRecord(step: lastStep, isFinal: true, diagnosis: diagnosis()))
        try writer.finish(.finished)
        return writer.folder
    }

    /// The values of all players, by step.
    private func measurements(of program: ForeignProgram) -> [StepRecord] {
        var values: [Int: [(series: SeriesName, value: Double)]] = [:]
        for (stored, own) in zip(program.players, players) {
            for (series, points) in own.series {
                for (step, value) in points { values[step, default: []].append((stored.stored(series), value)) }
            }
        }
        let now = Date().timeIntervalSince1970
        return values.sorted { $0.key < $1.key }.map { step, values in
            StepRecord(step: step, epoch: 0, imagesSeen: 0, wallTime: now, values: values)
        }
    }
}

extension ForeignProgram {
    /// What a log tells about the program that wrote it.
    init(_ log: ForeignLog, name: String) {
        self.init(
            name: name, players: log.players.map { Players(part: $0.part, $0.history) },
            settings: log.players.first?.history.facts.assignments ?? [])
    }
}
