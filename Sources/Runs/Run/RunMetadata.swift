public import Foundation
public import Recipes

/// Who, where, when and with what: the circumstances of a run, captured without asking.
public struct RunMetadata: Codable, Equatable, Sendable {
    /// The run's identifier.
    public var id: RunIdentifier
    /// The label that a person gave it.
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
    /// The number of threads that the training uses.
    public var threads: Int
    /// The device that the training runs on, in words.
    public var device: String
    /// This program's version.
    public var equipoiseVersion: String
    /// The version of the Swift compiler.
    public var swiftVersion: String
    /// The version of LibTorch.
    public var torchVersion: String
    /// The commit of the repository around the working directory.
    public var gitCommit: String?
    /// Whether that repository had changes that were not committed.
    public var gitDirty: Bool?
    /// When the run started.
    public var start: Date
    /// When the run ended.
    public var end: Date?
    /// How it ended.
    public var outcome: RunOutcome
    /// The run that this one repeats with a remedy.
    public var parent: RunIdentifier?
    /// That remedy.
    public var remedy: AppliedRemedy?
}

/// A remedy as it was applied: why, what it changed, and from where the training went on.
public struct AppliedRemedy: Codable, Equatable, Sendable {
    /// What it does, in a few words.
    public var title: String
    /// What was found wrong, in a sentence.
    public var reason: String
    /// The keys that it set.
    public var change: [String: ConfigurationValue]
    /// The step of the parent's checkpoint from which it goes on; `nil` from the start.
    public var fromStep: Int?

    /// A remedy with its reason and its change.
    public init(title: String, reason: String, change: [String: ConfigurationValue], fromStep: Int? = nil) {
        self.title = title
        self.reason = reason
        self.change = change
        self.fromStep = fromStep
    }
}

extension RunMetadata {
    /// The circumstances of a run that starts now: machine, system and repository are looked up.
    ///
    /// Asking Git takes at most two seconds; what cannot be found stays `nil` or `unknown`.
    ///
    /// - Parameters:
    ///   - label: A label for people.
    ///   - device: The device in words, such as `CPU` or `NVIDIA H200`.
    ///   - threads: The number of threads that the training uses.
    ///   - equipoiseVersion: This program's version.
    ///   - torchVersion: LibTorch's version.
    ///   - commandLine: The command and its arguments.
    ///   - workingDirectory: Where the search for a Git repository begins, upwards.
    ///   - parent: The run that this one repeats.
    ///   - remedy: The remedy with which it does.
    ///   - start: When the run starts; also the date of its identifier.
    public static func captured(
        label: String? = nil, device: String, threads: Int, equipoiseVersion: String = EquipoiseVersion.current,
        torchVersion: String,
        commandLine: [String] = CommandLine.arguments,
        workingDirectory: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true),
        parent: RunIdentifier? = nil, remedy: AppliedRemedy? = nil, start: Date = Date()
    ) -> RunMetadata {
        let repository = GitState.around(workingDirectory)
        return RunMetadata(
            id: RunIdentifier(date: start), label: label, commandLine: commandLine, hostName: Machine.hostName,
            operatingSystem: Machine.operatingSystem, processor: Machine.processor,
            processorCount: ProcessInfo.processInfo.activeProcessorCount, threads: threads, device: device,
            equipoiseVersion: equipoiseVersion, swiftVersion: Machine.swiftVersion, torchVersion: torchVersion,
            gitCommit: repository?.commit, gitDirty: repository?.isDirty, start: start, end: nil, outcome: .running,
            parent: parent, remedy: remedy)
    }
}

extension RunMetadata {
    /// The metadata as JSON, dates in seconds since 1970.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads what ``json()`` wrote.
    init(json: String) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        self = try decoder.decode(RunMetadata.self, from: Data(json.utf8))
    }
}

/// The version of this package.
public enum EquipoiseVersion {
    /// As `equipoise --version` prints it.
    public static let current = "0.1.0"
}
