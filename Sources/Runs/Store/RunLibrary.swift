public import Foundation

/// What a list of runs shows of one.
public struct RunSummary: Sendable {
    /// The run's folder.
    public var folder: RunFolder
    /// The run's identifier: its folder's name.
    public var id: String
    /// The label that a person gave it.
    public var label: String?
    /// How it ended; `nil` for a broken run.
    public var status: RunOutcome?
    /// When it started.
    public var start: Date?
    /// How many seconds it took, or has taken so far.
    public var duration: TimeInterval?
    /// The name of its recipe.
    public var recipe: String?
    /// The newest step; `nil` before the first.
    public var lastStep: Int?
    /// The newest value of each per-step series.
    public var lastValues: [SeriesName: Double]
    /// Why a broken run cannot be read, as a sentence; `nil` for a sound one.
    public var problem: String?
}

/// The runs in a folder.
public struct RunLibrary: Sendable {
    /// The folder of all runs, which need not exist.
    public let directory: URL

    /// The library of a folder.
    public init(directory: URL) { self.directory = directory.standardizedFileURL }

    /// Refuses a place that is there but cannot hold runs: a file, or a folder that may not be read.
    public func check() throws {
        let manager = FileManager.default
        guard manager.fileExists(atPath: directory.path) else { return }
        do {
            _ = try manager.contentsOfDirectory(atPath: directory.path)
        } catch {
            throw RunStoreError.failed(
                "\(directory.path) cannot be read as a folder of runs; name another one with --runs.")
        }
    }

    /// The runs, newest first. A broken run is listed with its problem.
    public func list() -> [RunSummary] {
        folders().map(RunLibrary.summary).sorted {
            ($0.start ?? .distantPast, $0.id) > ($1.start ?? .distantPast, $1.id)
        }
    }

    /// The folders that look like a run's, in no order.
    func folders() -> [RunFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }
            .map { RunFolder(directory.appendingPathComponent($0, isDirectory: true)) }
            .filter { $0.exists || FileManager.default.fileExists(atPath: $0.lock.path) }
    }

    /// What a list shows of a run.
    public static func summary(_ folder: RunFolder) -> RunSummary {
        var summary = RunSummary(folder: folder, id: folder.name, lastValues: [:])
        do {
            let reader = try RunReader(folder)
            let metadata = try reader.metadata()
            summary.label = metadata.label
            summary.status = metadata.outcome
            summary.start = metadata.start
            let last = try reader.lastValues()
            summary.lastStep = try reader.lastStep()
            for series in SeriesName.perStep { summary.lastValues[series] = last[series]?.value }
            let lastTime = last.values.map(\.wallTime).max().map { Date(timeIntervalSince1970: $0) }
            let end = metadata.outcome == .running ? Date() : metadata.end ?? lastTime ?? metadata.start
            summary.duration = max(0, end.timeIntervalSince(metadata.start) - (try reader.pauses()))
            summary.recipe = try reader.recipe()
        } catch {
            summary.problem = "\(error)"
        }
        return summary
    }
}
