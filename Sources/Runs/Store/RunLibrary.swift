public import Foundation

/// The runs in a folder.
public struct RunLibrary: Sendable {
    /// The folder of all runs, which need not exist.
    public let directory: URL
    private let cache: SummaryCache

    /// The library of a folder.
    public init(directory: URL) { self.init(directory: directory, cacheFolder: nil) }

    /// The library of a folder, with a place of its own for what it keeps.
    init(directory: URL, cacheFolder: URL?) {
        self.directory = directory.standardizedFileURL
        cache =
            cacheFolder.map { SummaryCache(of: directory.standardizedFileURL, in: $0) }
            ?? SummaryCache(of: directory.standardizedFileURL)
    }

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
    public func list() -> [RunSummary] { look().new.map(\.summary).sorted { $0.isNewer(than: $1) } }

    /// Looks at the runs: the names of all, and the summaries of those whose stamp is not the known one.
    public func look(knowing stamps: [String: RunStamp] = [:]) -> (all: Set<String>, new: [SummaryCache.Entry]) {
        let folders = folders()
        var new = folders.map { (folder: $0, stamp: RunStamp($0)) }.filter { stamps[$0.folder.name] != $0.stamp }
        let known = new.count >= SummaryCache.fewestRuns ? cache.load(new) : []
        let names = Set(known.map(\.summary.id))
        new.removeAll { names.contains($0.folder.name) }
        let read = zip(new, RunSummary.all(new.map(\.folder))).map { SummaryCache.Entry(stamp: $0.stamp, summary: $1) }
        // Only whoever looks at all of them keeps them: a part would take the place of the whole.
        if stamps.isEmpty, read.count(where: SummaryCache.isOver) >= SummaryCache.fewestRuns {
            cache.save(known + read)
        }
        return (Set(folders.map(\.name)), known + read)
    }

    /// The folders that look like a run's, in no order.
    public func folders() -> [RunFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }
            .map { RunFolder(directory.appendingPathComponent($0, isDirectory: true)) }
            .filter { $0.exists || FileManager.default.fileExists(atPath: $0.lock.path) }
    }

    /// Removes a run for good.
    ///
    /// - Throws: ``RunStoreError/inUse(folder:process:)`` if it is being written, and others.
    public func delete(_ folder: RunFolder) throws {
        let lock = try RunLock(folder)
        defer { withExtendedLifetime(lock) {} }
        // Renamed first: nobody sees half a run, and what a kill leaves behind is removed with the next new run.
        let grave = directory.appendingPathComponent(".\(folder.name)-\(UUID().uuidString)", isDirectory: true)
        do {
            try FileManager.default.moveItem(at: folder.directory, to: grave)
            try FileManager.default.removeItem(at: grave)
        } catch {
            throw RunStoreError.failed(
                "The run \(folder.name) cannot be removed from \(directory.path); check the folder's permissions.")
        }
    }
}
