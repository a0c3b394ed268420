import DataFiles
import Foundation

/// A download in progress, locked against other processes, beside its destination.
///
/// Used by one transfer at a time, which guards it by its own lock.
final class PartialFile: @unchecked Sendable {
    let url: URL
    private let file: FileHandle

    /// Opens what an earlier attempt left, or an empty file; makes the folder.
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
        // Between opening and locking, another process may have finished the file and given it its final name.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, Self.isStillNamed(url.path, descriptor) else {
            throw DataFileError(
                .unwritable, "\(url.path) is being downloaded by another process; wait until that is done.")
        }
    }

    /// The bytes at hand.
    var size: Int {
        (try? file.seekToEnd()).map { Int(clamping: $0) } ?? 0
    }

    /// Drops everything after the first `count` bytes and goes on from there.
    func truncate(to count: Int) throws {
        try file.truncate(atOffset: UInt64(count))
        try file.seek(toOffset: UInt64(count))
    }

    /// Appends bytes.
    func append(_ data: Data) throws {
        try file.write(contentsOf: data)
    }

    /// Drops everything.
    func discard() {
        try? truncate(to: 0)
    }

    /// Gives the complete file its name, replacing what was there, in one step.
    func moveIntoPlace(_ destination: URL) throws {
        try? file.synchronize()
        guard rename(url.path, destination.path) == 0 else {
            throw Self.unwritable(destination, String(cString: strerror(errno)).lowercased())
        }
    }

    /// Ends the work on the file and lets other processes have it; called once, after the last transfer.
    ///
    /// This does not wait for `deinit`, because URLSession lets go of a transfer, and so of the file, only some time
    /// after its end.
    func close() {
        // An empty file is of no use to a later attempt.
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
