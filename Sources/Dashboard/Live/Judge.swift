import Diagnostics
import Recipes
import Reports
import Runs

/// Provides the diagnoses of runs. It returns the stored diagnosis if there is one, and otherwise diagnoses the run itself.
/// The most recent diagnoses are cached.
actor Judge {
    private let flags: String
    private var running: [RunFolder: Task<DiagnosisContents, any Error>] = [:]
    private var cases: [(folder: RunFolder, stamp: RunStamp, contents: DiagnosisContents)] = []

    private static let mostCases = 4

    init(flags: String) { self.flags = flags }

    /// The diagnosis of a run. Concurrent requests for the same run share one read.
    func diagnosis(of folder: RunFolder) async throws -> DiagnosisContents {
        if let running = running[folder] { return try await running.value }
        let task = Task { try await read(folder) }
        running[folder] = task
        defer { running[folder] = nil }
        return try await task.value
    }

    private func read(_ folder: RunFolder) async throws -> DiagnosisContents {
        let stamp = RunStamp(folder)
        if let known = cases.first(where: { $0.folder == folder && $0.stamp == stamp }) { return known.contents }
        let run = folder.name + flags
        let contents = try await offThread {
            let reader = try RunReader(folder)
            let isRepeatable = (try? reader.isRepeatable()) ?? true
            return DiagnosisContents(try reader.diagnosis(), run: isRepeatable ? run : nil)
        }
        cases.removeAll { $0.folder == folder }
        cases.append((folder, stamp, contents))
        cases.removeFirst(max(0, cases.count - Judge.mostCases))
        return contents
    }
}
