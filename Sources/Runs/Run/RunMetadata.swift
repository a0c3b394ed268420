public import Foundation
public import Recipes

/// The circumstances of a run, captured automatically: command, machine, software versions and times.
public struct RunMetadata: Codable, Equatable, Sendable {
    /// The run's identifier.
    public var id: RunIdentifier
    /// The label given by the user.
    public var label: String?
    /// The command and its arguments.
    public var commandLine: [String]
    /// The machine's name.
    public var hostName: String
    /// The operating system and its version.
    public var operatingSystem: String
    /// The processor's model name.
    public var processor: String
    /// The number of active processor cores.
    public var processorCount: Int
    /// The number of threads used for training.
    public var threads: Int
    /// The training device, in words.
    public var device: String
    /// The version of Equipoise.
    public var equipoiseVersion: String
    /// The version of the Swift compiler.
    public var swiftVersion: String
    /// The version of LibTorch.
    public var torchVersion: String
    /// The commit of the Git repository that contains the working directory.
    public var gitCommit: String?
    /// Whether that repository had uncommitted changes.
    public var gitDirty: Bool?
    /// When the run started.
    public var start: Date
    /// When the run ended.
    public var end: Date?
    /// The outcome of the run.
    public var outcome: RunOutcome
    /// The run that this one repeats with a remedy.
    public var parent: RunIdentifier?
    /// The remedy applied.
    public var remedy: AppliedRemedy?
    /// The program that trained the run; `nil` for a training of Equipoise.
    public var program: ForeignProgram?
}

/// An applied remedy: its reason, its changes, and the step from which training continued.
public struct AppliedRemedy: Codable, Equatable, Sendable {
    /// A short description of the remedy.
    public var title: String
    /// The problem found, in one sentence.
    public var reason: String
    /// The configuration values that it set, by key.
    public var change: [String: ConfigurationValue]
    /// The step of the parent's checkpoint from which training continued; `nil` if it started from scratch.
    public var fromStep: Int?

    /// Creates an applied remedy.
    public init(title: String, reason: String, change: [String: ConfigurationValue], fromStep: Int? = nil) {
        self.title = title
        self.reason = reason
        self.change = change
        self.fromStep = fromStep
    }
}

extension RunMetadata {
    /// Captures the circumstances of a run that starts now, including machine, system and repository.
    ///
    /// Querying Git takes at most two seconds; values that cannot be determined are `nil` or `unknown`.
    ///
    /// - Parameters:
    ///   - label: a label for the run.
    ///   - device: the device in words, such as `CPU` or `NVIDIA H200`.
    ///   - threads: the number of threads used for training.
    ///   - equipoiseVersion: the version of Equipoise.
    ///   - torchVersion: the version of LibTorch.
    ///   - commandLine: the command and its arguments.
    ///   - workingDirectory: the folder from which to search upwards for a Git repository.
    ///   - parent: the run that this one repeats.
    ///   - remedy: the remedy applied to the parent.
    ///   - program: the program that trained the run, if that is not Equipoise.
    ///   - start: the start of the run, also the date of its identifier.
    public static func captured(
        label: String? = nil, device: String, threads: Int, equipoiseVersion: String = EquipoiseVersion.current,
        torchVersion: String,
        commandLine: [String] = CommandLine.arguments,
        workingDirectory: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true),
        parent: RunIdentifier? = nil, remedy: AppliedRemedy? = nil, program: ForeignProgram? = nil,
        start: Date = Date()
    ) -> RunMetadata {
        let repository = GitState.around(workingDirectory)
        return RunMetadata(
            id: RunIdentifier(date: start), label: label, commandLine: commandLine, hostName: Machine.hostName,
            operatingSystem: Machine.operatingSystem, processor: Machine.processor,
            processorCount: ProcessInfo.processInfo.activeProcessorCount, threads: threads, device: device,
            equipoiseVersion: equipoiseVersion, swiftVersion: Machine.swiftVersion, torchVersion: torchVersion,
            gitCommit: repository?.commit, gitDirty: repository?.isDirty, start: start, end: nil, outcome: .running,
            parent: parent, remedy: remedy, program: program)
    }
}

extension RunMetadata {
    /// Encodes the metadata as JSON, with dates in seconds since 1970.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Decodes the output of ``json()``.
    init(json: String) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        self = try decoder.decode(RunMetadata.self, from: Data(json.utf8))
    }
}

/// The version of this package.
public enum EquipoiseVersion {
    /// The version that `equipoise --version` prints.
    public static let current = "0.1.0"
}
