public import Foundation

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
        folders().map { RunSummary($0) }.sorted {
            ($0.start ?? .distantPast, $0.id) > ($1.start ?? .distantPast, $1.id)
        }
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
