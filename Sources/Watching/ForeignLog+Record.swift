import Diagnostics
public import Foundation
public import Logs
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
        var options = WatchedRun.Options(
            runsDirectory: runsDirectory, name: name ?? file.lastPathComponent, label: label)
        (options.parameters, options.workingDirectory) = (parameters, file.deletingLastPathComponent())
        let run = WatchedRun(options)
        _ = try run.update(self)
        guard let folder = run.folder else { throw RunStoreError.notARun(runsDirectory) }
        _ = try run.end(.finished, self)
        return folder
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
