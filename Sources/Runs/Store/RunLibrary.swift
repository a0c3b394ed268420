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
    public func list() -> [RunSummary] {
        let look = look()
        keep(look)
        return look.new.map(\.summary).sorted { $0.isNewer(than: $1) }
    }

    /// What a look at the runs shows.
    public struct Look: Sendable {
        /// The names of all runs.
        public var all: Set<String>
        /// The runs that are new or not what they were, in no order.
        public var new: [SummaryCache.Entry]
        /// Whether so much was read anew of all runs that the next look should find it in the user's cache.
        public var isWorthKeeping: Bool
    }

    /// Looks at the runs.
    ///
    /// - Parameter stamps: What is known of them; of runs with the same stamp nothing is read.
    public func look(knowing stamps: [String: RunStamp] = [:]) -> Look {
        let folders = folders()
        var new = zip(folders, folders.mappedByAllCores(RunStamp.init)).map { (folder: $0, stamp: $1) }
            .filter { stamps[$0.folder.name] != $0.stamp }
        var known = new.count >= SummaryCache.fewestRuns ? cache.load(new) : []
        known.removeAll { $0.summary.judgement == nil }
        let names = Set(known.map(\.summary.id))
        new.removeAll { names.contains($0.folder.name) }
        let read = new.mappedByAllCores {
            SummaryCache.Entry(stamp: $0.stamp, summary: RunSummary($0.folder))
        }
        // Only of whoever looks at all of them: a part would take the place of the whole.
        let isWorthKeeping = stamps.isEmpty && read.count(where: SummaryCache.isOver) >= SummaryCache.fewestRuns
        return Look(all: Set(folders.map(\.name)), new: known + read, isWorthKeeping: isWorthKeeping)
    }

    /// Keeps what a look had to read, where that is much, for the next one: a twentieth of a second for a thousand runs.
    public func keep(_ look: Look) {
        if look.isWorthKeeping { cache.save(look.new) }
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
