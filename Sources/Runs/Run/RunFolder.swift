public import Diagnostics
public import Foundation

/// The folder of a run, and the locations in it. It contains everything about the run and can be copied, moved and
/// archived.
public struct RunFolder: Hashable, Sendable {
    /// The folder.
    public let directory: URL

    /// Creates a run folder for a URL, which need not exist.
    public init(_ directory: URL) {
        self.directory = URL(fileURLWithPath: directory.standardizedFileURL.path, isDirectory: true)
    }

    /// The folder's name, which is the run's identifier.
    public var name: String { directory.lastPathComponent }
    /// The database.
    public var database: URL { file("run.sqlite") }
    /// The resolved configuration in readable form.
    public var configuration: URL { file("configuration.yaml") }
    /// The folder of sample sheets.
    public var samples: URL { directory.appendingPathComponent("samples", isDirectory: true) }
    /// The folder of checkpoints.
    public var checkpoints: URL { directory.appendingPathComponent("checkpoints", isDirectory: true) }
    /// The folder of TensorBoard's event files, if enabled.
    public var tensorBoard: URL { directory.appendingPathComponent("tensorboard", isDirectory: true) }
    /// The folder of images that illustrate findings.
    public var findings: URL { directory.appendingPathComponent("findings", isDirectory: true) }
    /// The image that illustrates a finding of the live run; it may not exist.
    public func image(of record: FindingRecord) -> URL {
        findings.appending(path: "\(record.finding.pattern.rawValue)-\(record.openedStep.padded(to: 8)).png")
    }
    /// The centers of the data's bins, one image each, ten per row.
    public var bins: URL { file("bins.png") }
    /// The user annotations of the run.
    public var annotations: URL { file("annotations.json") }
    /// The terminal output of the run.
    public var console: URL { file("console.log") }
    /// The file that the writer keeps locked; it contains the writer's process identifier.
    public var lock: URL { file(".lock") }

    /// Returns the file at a path relative to the folder; `nil` if the path leads out of the folder.
    public func file(relative path: String) -> URL? {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !components.isEmpty, components.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
            !path.contains("\0")
        else { return nil }
        return directory.appendingPathComponent(path, isDirectory: false)
    }

    private func file(_ name: String) -> URL { directory.appendingPathComponent(name, isDirectory: false) }
}

extension Int {
    /// Returns the number with leading zeros, so that names sort numerically.
    public func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
