import DataFiles
import Foundation

/// An unfinished download beside its destination, locked against other processes.
///
/// Only one transfer uses it at a time and guards it with its own lock.
final class PartialFile: @unchecked Sendable {
    let url: URL
    private let file: FileHandle

    /// Opens the partial file of an earlier attempt, or creates an empty one; creates the folder if needed.
    init(for destination: URL) throws {
        url = destination.appendingPathExtension("partial")
        do {
            try FileManager.default.createDirectory(
                at: destination.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw Self.unwritable(destination, plainReason(error))
        }
        let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Self.unwritable(url, String(cString: strerror(errno)).lowercased())
        }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // Between opening and locking, another process may have finished the file and renamed it.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isStillNamed(url.path, descriptor) else {
            throw DataFileError(
                .unwritable, "\(url.path) is being downloaded by another process; wait until it has finished.")
        }
    }

    /// The number of bytes received so far.
    var size: Int {
        (try? file.seekToEnd()).map { Int(clamping: $0) } ?? 0
    }

    /// Removes everything after the first `count` bytes and continues from there.
    func truncate(to count: Int) throws {
        try file.truncate(atOffset: UInt64(count))
        try file.seek(toOffset: UInt64(count))
    }

    func append(_ data: Data) throws {
        try file.write(contentsOf: data)
    }

    /// Removes all contents.
    func discard() {
        try? truncate(to: 0)
    }

    /// Renames the complete file to its final name, atomically replacing any existing file.
    func moveIntoPlace(_ destination: URL) throws {
        try? file.synchronize()
        guard rename(url.path, destination.path) == 0 else {
            throw Self.unwritable(destination, String(cString: strerror(errno)).lowercased())
        }
    }

    /// Closes the file and releases its lock for other processes; call once, after the last transfer.
    ///
    /// This does not happen in `deinit`, because URLSession releases a transfer, and with it the file, only some time
    /// after it ends.
    func close() {
        // An empty file is useless to a later attempt.
        if size == 0 { unlink(url.path) }
        try? file.close()
    }

    private static func isStillNamed(_ path: String, _ descriptor: Int32) -> Bool {
        var (opened, named) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev
    }

    static func unwritable(_ url: URL, _ reason: String) -> DataFileError {
        DataFileError(
            .unwritable,
            "\(url.path) cannot be written (\(reason)); check the folder, its permissions and the free space.")
    }
}
