import DataFiles
import Foundation
import TestSupport
import Testing
import Torch

/// The program as a user runs it, in a folder of its own.
final class Program {
    let directory: TemporaryFolder
    let executable: URL

    struct Outcome {
        let code: Int32
        let output: String
        let errors: String
    }

    init() throws {
        directory = try TemporaryFolder()
        // The program is built beside the bundle of tests.
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        if let build = ProcessInfo.processInfo.environment["EQUIPOISE_TEST_BUILD"] { folder = URL(filePath: build) }
        while folder.path != "/",
            !FileManager.default.isExecutableFile(atPath: folder.appending(path: "equipoise").path)
        {
            folder = folder.deletingLastPathComponent()
        }
        executable = folder.appending(path: "equipoise")
        try IDX.write(
            IDXArray(dimensions: [40, 28, 28], bytes: Fixture.discs(40)), to: directory.url.appending(path: "discs.idx")
        )
    }

    var url: URL { directory.url }

    /// Flags of a training of ten epochs of five steps that takes a second or so.
    static let tiny = [
        "train", "quick", "--data", "discs.idx", "--batch-size", "8", "--epochs", "10", "--latent", "4", "--threads",
        "1",
        "--set", "network.generatorWidth=4", "--set", "network.discriminatorWidth=4", "--set", "samples.count=4",
    ]

    func start(
        _ arguments: [String], environment: [String: String] = [:], executable: URL? = nil
    ) throws -> (Process, Pipe, Pipe) {
        let process = Process()
        process.executableURL = executable ?? self.executable
        process.arguments = arguments
        process.currentDirectoryURL = url
        // Bins and the like are kept in the test's own folder; LibTorch is not.
        var own = ["XDG_CACHE_HOME": url.appending(path: "cache").path]
        own["EQUIPOISE_TORCH"] = LibTorch.libraryFile?.deletingLastPathComponent().path
        process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }.merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return (process, output, errors)
    }

    @discardableResult
    func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try run(arguments, environment: environment)
    }

    func run(
        _ arguments: [String], environment: [String: String] = [:], executable: URL? = nil
    ) throws -> Outcome {
        let (process, output, errors) = try start(arguments, environment: environment, executable: executable)
        // Both at once: a pipe that nobody reads blocks its writer when it is full.
        let errorText = Reading(errors)
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: errorText.wait(), as: UTF8.self))
    }

    /// The one run folder in `runs/`.
    func runFolder() throws -> URL {
        let runs = url.appending(path: "runs")
        let names = try FileManager.default.contentsOfDirectory(atPath: runs.path).filter { !$0.hasPrefix(".") }
        struct NoRun: Error {}
        guard let name = names.first else { throw NoRun() }
        return runs.appending(path: name)
    }

    /// Runs a script of the shell, in which `$EQUIPOISE` is the program.
    func shell(_ script: String) throws -> Outcome {
        let name = "script-\(UUID().uuidString).sh"
        try Data(script.utf8).write(to: url.appending(path: name))
        return try run(["--", name], environment: ["EQUIPOISE": executable.path], executable: URL(filePath: "/bin/sh"))
    }

    /// The folders of the run's checkpoints, oldest first.
    func checkpoints() throws -> [URL] {
        let folder = try runFolder().appending(path: "checkpoints")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix("step-") && !$0.hasSuffix(".unreadable") }.sorted().map {
                folder.appending(path: $0)
            }
    }

    /// The losses of the newest run as CSV without the columns that tell the time.
    func losses(runs: String = "runs") throws -> [String] {
        let outcome = try run("export", "latest", "--format", "csv", "--runs", runs)
        #expect(outcome.code == 0, "\(outcome.errors)")
        return outcome.output.split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).prefix(8).joined(separator: ",")
        }
    }
}

/// Reads a pipe to its end on another thread.
final class Reading: @unchecked Sendable {
    private var data = Data()
    private let group = DispatchGroup()

    init(_ pipe: Pipe) {
        let file = pipe.fileHandleForReading
        DispatchQueue.global().async(group: group) { self.data = file.readDataToEndOfFile() }
    }

    func wait() -> Data {
        group.wait()
        return data
    }
}
