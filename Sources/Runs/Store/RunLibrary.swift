public import Foundation

/// The runs in a folder.
public struct RunLibrary: Sendable {
    /// The folder of all runs; it need not exist.
    public let directory: URL
    private let cache: SummaryCache

    /// Creates the library of a folder.
    public init(directory: URL) { self.init(directory: directory, cacheFolder: nil) }

    /// Creates the library of a folder with a given cache folder.
    init(directory: URL, cacheFolder: URL?) {
        self.directory = directory.standardizedFileURL
        cache =
            cacheFolder.map { SummaryCache(of: directory.standardizedFileURL, in: $0) }
            ?? SummaryCache(of: directory.standardizedFileURL)
    }

    /// Throws if the location exists but cannot contain runs, because it is a file or an unreadable folder.
    public func check() throws {
        let manager = FileManager.default
        guard manager.fileExists(atPath: directory.path) else { return }
        do {
            _ = try manager.contentsOfDirectory(atPath: directory.path)
        } catch {
            throw RunStoreError.failed(
                "\(directory.path) cannot be read as a folder of runs; choose another one with --runs.")
        }
    }

    /// Lists the runs, newest first. A broken run is listed with its problem.
    public func list() -> [RunSummary] {
        let look = look()
        keep(look)
        return look.new.map(\.summary).sorted { $0.isNewer(than: $1) }
    }

    /// The result of scanning the runs.
    public struct Look: Sendable {
        /// The names of all runs.
        public var all: Set<String>
        /// The runs that are new or have changed, in no particular order.
        public var new: [SummaryCache.Entry]
        /// Whether so many runs had to be read that the result should be cached.
        public var isWorthKeeping: Bool
    }

    /// Scans the runs for changes.
    ///
    /// - Parameter stamps: the known stamps, by name; runs with an equal stamp are not read.
    public func look(knowing stamps: [String: RunStamp] = [:]) -> Look {
        let folders = folders()
        var new = zip(folders, folders.mappedByAllCores(RunStamp.init)).map { (folder: $0, stamp: $1) }
            .filter { stamps[$0.folder.name] != $0.stamp }
        var known = new.count >= SummaryCache.fewestRuns ? cache.load(new) : []
        known.removeAll { $0.summary.judgment == nil }
        let names = Set(known.map(\.summary.id))
        new.removeAll { names.contains($0.folder.name) }
        let read = new.mappedByAllCores {
            SummaryCache.Entry(stamp: $0.stamp, summary: RunSummary($0.folder))
        }
        // Only a full scan is cached: a partial one would replace the full one.
        let isWorthKeeping = stamps.isEmpty && read.count(where: SummaryCache.isOver) >= SummaryCache.fewestRuns
        return Look(all: Set(folders.map(\.name)), new: known + read, isWorthKeeping: isWorthKeeping)
    }

    /// Caches the result of a scan if it is worth it, which takes a twentieth of a second for a thousand runs.
    public func keep(_ look: Look) {
        if look.isWorthKeeping { cache.save(look.new) }
    }

    /// Returns the folders that look like runs, in no particular order.
    public func folders() -> [RunFolder] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }
            .map { RunFolder(directory.appendingPathComponent($0, isDirectory: true)) }
            .filter { $0.exists || FileManager.default.fileExists(atPath: $0.lock.path) }
    }

    /// Deletes a run permanently.
    ///
    /// - Throws: ``RunStoreError/inUse(folder:process:)`` if the run is being written, or another ``RunStoreError``.
    public func delete(_ folder: RunFolder) throws {
        let lock = try RunLock(folder)
        defer { withExtendedLifetime(lock) {} }
        // Rename the folder first, so that nobody sees a partial run. If the process is killed, the remains are removed
        // when the next run is created.
        let grave = directory.appendingPathComponent(".\(folder.name)-\(UUID().uuidString)", isDirectory: true)
        do {
            try FileManager.default.moveItem(at: folder.directory, to: grave)
            try FileManager.default.removeItem(at: grave)
        } catch {
            throw RunStoreError.failed(
                "The run \(folder.name) cannot be deleted from \(directory.path); check the folder's permissions.")
        }
    }
}
