public import Diagnostics
public import Foundation

/// The folder of a run and the places in it. It holds everything of the run and can be copied, moved and archived.
public struct RunFolder: Hashable, Sendable {
    /// The folder.
    public let directory: URL

    /// The run folder at a URL, which need not exist.
    public init(_ directory: URL) {
        self.directory = URL(fileURLWithPath: directory.standardizedFileURL.path, isDirectory: true)
    }

    /// The folder's name, which is the run's identifier.
    public var name: String { directory.lastPathComponent }
    /// The database.
    public var database: URL { file("run.sqlite") }
    /// The resolved configuration, for people.
    public var configuration: URL { file("configuration.yaml") }
    /// The folder of sample sheets.
    public var samples: URL { directory.appendingPathComponent("samples", isDirectory: true) }
    /// The folder of checkpoints.
    public var checkpoints: URL { directory.appendingPathComponent("checkpoints", isDirectory: true) }
    /// The folder of TensorBoard's event files, if they were asked for.
    public var tensorBoard: URL { directory.appendingPathComponent("tensorboard", isDirectory: true) }
    /// The pictures that show what was found.
    public var findings: URL { directory.appendingPathComponent("findings", isDirectory: true) }
    /// The picture that shows a finding of the live run, if there is one.
    public func picture(of record: FindingRecord) -> URL {
        findings.appending(path: "\(record.finding.pattern.rawValue)-\(record.openedStep.padded(to: 8)).png")
    }
    /// The centres of the data's bins, a picture each, in rows of ten.
    public var bins: URL { file("bins.png") }
    /// What people noted of the run.
    public var annotations: URL { file("annotations.json") }
    /// What the run wrote to the terminal.
    public var console: URL { file("console.log") }
    /// The file that the writer keeps locked; it names the writer's process.
    public var lock: URL { file(".lock") }

    /// The file of a path relative to the folder; `nil` if the path leads out of the folder.
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
    /// The number with zeros in front, so that names sort as numbers do.
    public func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
