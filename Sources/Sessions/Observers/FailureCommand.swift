import Diagnostics
public import Foundation
public import Runs
public import Training

/// Runs a shell command on an alarm. `EQUIPOISE_FINDING` holds the most severe finding as JSON, `EQUIPOISE_RUN` the path of the run folder.
public final class FailureCommand: TrainingObserver {
    private let command: String
    private let folder: RunFolder
    private let report: (String) -> Void
    private var running: [Process] = []

    /// - Parameter report: receives a sentence about a command that failed.
    public init(_ command: String, _ folder: RunFolder, report: @escaping (String) -> Void) {
        self.command = command
        self.folder = folder
        self.report = report
    }

    public func receive(_ event: TrainingEvent) throws {
        switch event {
        case .failed(let diagnosis, _): if let finding = diagnosis.findings.first { try start(finding) }
        case .ended: finish()
        default: break
        }
    }

    private func start(_ finding: Finding) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "EQUIPOISE_FINDING": String(decoding: try encoder.encode(finding), as: UTF8.self),
            "EQUIPOISE_RUN": folder.directory.path,
        ]) { $1 }
        // Inherited output would hold a pipe open after the training has ended.
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw ObserverError("The command for alarms could not be started: \(error.localizedDescription)")
        }
        running.append(process)
    }

    /// Waits up to five seconds for running commands, so that the last notice is not lost.
    private func finish() {
        let deadline = Date().addingTimeInterval(5)
        while running.contains(where: \.isRunning), Date() < deadline { Thread.sleep(forTimeInterval: 0.02) }
        for process in running where !process.isRunning && process.terminationStatus != 0 {
            report("The command for alarms failed with exit code \(process.terminationStatus).")
        }
    }
}

/// The failure of an observer, as one sentence.
struct ObserverError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
