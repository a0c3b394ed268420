import Foundation
import Recipes

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The lock of a run's writer: an advisory `flock` on a file that contains the writer's process identifier.
///
/// The system releases it when the process dies for any reason, so a stale lock cannot exist. The file remains.
final class RunLock: Sendable {
    private let descriptor: Int32

    /// Acquires the lock.
    ///
    /// A reader that checks for a writer holds a shared lock for a moment, so this retries briefly.
    ///
    /// - Throws: ``RunStoreError/inUse(folder:process:)`` if another writer holds the lock.
    init(_ folder: RunFolder) throws {
        let descriptor = open(folder.lock.path, O_RDWR | O_NONBLOCK | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw RunStoreError.failed(
                "The lock \(folder.lock.path) cannot be opened: \(Self.reason(errno)); check the folder's permissions.")
        }
        for attempt in 0... {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { break }
            let code = errno
            if code == EINTR { continue }
            if code == EWOULDBLOCK, attempt < 20 {
                usleep(10_000)
                continue
            }
            close(descriptor)
            if code == EWOULDBLOCK {
                throw RunStoreError.inUse(folder: folder.directory, process: Self.process(folder))
            }
            throw RunStoreError.failed(
                "The lock \(folder.lock.path) cannot be taken: \(Self.reason(code)); "
                    + "keep runs on a file system that supports locks.")
        }
        self.descriptor = descriptor
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit { close(descriptor) }

    /// Whether the locked folder is still in place: not deleted, moved or replaced.
    func isInPlace(_ folder: RunFolder) -> Bool {
        var (held, found) = (stat(), stat())
        return fstat(descriptor, &held) == 0 && stat(folder.lock.path, &found) == 0 && held.st_ino == found.st_ino
            && held.st_dev == found.st_dev
    }

    /// Whether a writer holds the lock of a folder.
    static func isHeld(_ folder: RunFolder) -> Bool {
        let descriptor = open(folder.lock.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_SH | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            return errno == EWOULDBLOCK
        }
        return false
    }

    /// Returns the process identifier in the lock file.
    private static func process(_ folder: RunFolder) -> Int? {
        guard let data = folder.contents(of: folder.lock, mostBytes: 4096) else { return nil }
        return Int(String(decoding: data.prefix(32), as: UTF8.self).trimmingWhitespace)
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
