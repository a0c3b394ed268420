import Diagnostics
public import Runs
public import Training

/// Runs a shell command when an alarm is raised, see ``AlarmCommand``.
public final class FailureCommand: TrainingObserver {
    private let command: AlarmCommand
    private let folder: RunFolder
    private let report: (String) -> Void

    /// - Parameter report: receives a sentence about a command that failed.
    public init(_ command: String, _ folder: RunFolder, report: @escaping (String) -> Void) {
        self.command = AlarmCommand(command)
        self.folder = folder
        self.report = report
    }

    public func receive(_ event: TrainingEvent) throws {
        switch event {
        case .failed(let diagnosis, _):
            if let finding = diagnosis.findings.first { try command.start(finding, of: folder) }
        case .ended: command.finish().forEach(report)
        default: break
        }
    }
}

/// The failure of an observer, as one sentence.
struct ObserverError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
