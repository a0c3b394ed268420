import Diagnosis
import Foundation
import Reports
import Runs

/// Judges runs, and remembers what it has read of the last few: of a run that goes on only what is new is read.
actor Judge {
    private let flags: String
    private var running: [RunFolder: Task<DiagnosisContents, any Error>] = [:]
    private var cases: [(folder: RunFolder, judged: Judged)] = []

    private static let mostCases = 4

    init(flags: String) { self.flags = flags }

    struct Judged: Sendable {
        var stamp: RunStamp
        var generation: Int
        var history: History
        /// The last step read of each series.
        var lastSteps: [SeriesName: Int] = [:]
        var contents: DiagnosisContents
    }

    /// The judgement of a run; who asks while it is being made waits for the same one.
    func diagnosis(of folder: RunFolder) async throws -> DiagnosisContents {
        if let running = running[folder] { return try await running.value }
        let task = Task { try await makeDiagnosis(of: folder) }
        running[folder] = task
        defer { running[folder] = nil }
        return try await task.value
    }

    private func makeDiagnosis(of folder: RunFolder) async throws -> DiagnosisContents {
        let known = cases.first { $0.folder == folder }?.judged
        let run = folder.name + flags
        let judged = try await offThread { try Judge.judge(folder, run: run, knowing: known) }
        cases.removeAll { $0.folder == folder }
        cases.append((folder, judged))
        cases.removeFirst(max(0, cases.count - Judge.mostCases))
        return judged.contents
    }

    private static func judge(_ folder: RunFolder, run: String, knowing known: Judged?) throws -> Judged {
        let stamp = RunStamp(folder)
        if let known, known.stamp == stamp { return known }
        let reader = try RunReader(folder)
        let generation = try reader.place().generation
        let start = known.flatMap { $0.generation == generation ? $0 : nil }
        var history = try start?.history ?? History(reader.configuration())
        var lastSteps = start?.lastSteps ?? [:]
        for series in try reader.seriesNames() {
            try reader.visit(series, after: lastSteps[series]) { step, value in
                history.append(series, step: step, value: value)
                lastSteps[series] = step
            }
        }
        history.classes = try reader.classes(near: nil)
        return Judged(
            stamp: stamp, generation: generation, history: history, lastSteps: lastSteps,
            contents: DiagnosisContents(history, run: run))
    }
}
