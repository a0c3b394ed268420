public import Diagnostics
import Foundation

/// A shell command that runs on an alarm. `EQUIPOISE_FINDING` holds the most severe finding as JSON, `EQUIPOISE_RUN` the
/// path of the run folder.
public final class AlarmCommand {
    private let command: String
    private var running: [Process] = []

    public init(_ command: String) { self.command = command }

    /// Starts the command; returns at once.
    ///
    /// - Throws: ``RunStoreError`` if it cannot be started.
    public func start(_ finding: Finding, of folder: RunFolder) throws {
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
            throw RunStoreError.failed("The command for alarms could not be started: \(error.localizedDescription)")
        }
        running.append(process)
    }

    /// Waits up to five seconds for running commands, so that the last notice is not lost.
    ///
    /// - Returns: a sentence about each command that failed.
    public func finish() -> [String] {
        let deadline = Date().addingTimeInterval(5)
        while running.contains(where: \.isRunning), Date() < deadline { Thread.sleep(forTimeInterval: 0.02) }
        return running.filter { !$0.isRunning && $0.terminationStatus != 0 }.map {
            "The command for alarms failed with exit code \($0.terminationStatus)."
        }
    }
}
