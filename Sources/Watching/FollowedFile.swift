import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that another program is writing, read as it grows.
final class FollowedFile {
    /// What is new in a file.
    struct News {
        /// Whether the file was written anew, so that what was read before no longer counts.
        var isRestart = false
        var bytes: [UInt8] = []
    }

    let url: URL
    private var descriptor: Int32 = -1
    private var offset: off_t = 0
    /// The first bytes of the file, by which a file that was written anew is told from one that goes on.
    private var beginning: [UInt8] = []

    private static let beginningSize = 1024
    /// The number of bytes read at a time.
    private static let portion = 1 << 20
    /// The largest file that is read.
    private static let largest = 1 << 30

    init(_ url: URL) { self.url = url }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Reads what was written since the last call, at most about a megabyte; `nil` if there is nothing new.
    ///
    /// If the file was moved away (a rotated log), the rest of the old file is read first and the new one after it. If
    /// the file has shrunk or was replaced, it goes on, unless it begins like before: then it was written anew.
    func read() -> News? {
        if descriptor < 0, !openFile() { return nil }
        var present = stat()
        guard fstat(descriptor, &present) == 0 else { return nil }
        if present.st_size < offset { return startOver() }
        let bytes = readPortion()
        if !bytes.isEmpty { return News(bytes: bytes) }
        // Everything of this file is read; another one may have taken its name.
        var named = stat()
        guard stat(url.path, &named) == 0, (named.st_dev, named.st_ino) != (present.st_dev, present.st_ino) else {
            return nil
        }
        close(descriptor)
        descriptor = -1
        guard openFile() else { return nil }
        return startOver()
    }

    private func openFile() -> Bool {
        // Without waiting: the name may have become that of a pipe.
        descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        var present = stat()
        guard fstat(descriptor, &present) == 0, present.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            descriptor = -1
            return false
        }
        return true
    }

    private func startOver() -> News? {
        let before = beginning
        (offset, beginning) = (0, [])
        let bytes = readPortion()
        let common = min(before.count, bytes.count)
        let isRestart = common > 0 && before.prefix(common) == bytes.prefix(common)
        return bytes.isEmpty && !isRestart ? nil : News(isRestart: isRestart, bytes: bytes)
    }

    private func readPortion() -> [UInt8] {
        guard offset < FollowedFile.largest else { return [] }
        var bytes = [UInt8](repeating: 0, count: FollowedFile.portion)
        let count = max(0, pread(descriptor, &bytes, bytes.count, offset))
        bytes.removeSubrange(count...)
        if beginning.count < FollowedFile.beginningSize {
            beginning += bytes.prefix(FollowedFile.beginningSize - beginning.count)
        }
        offset += off_t(count)
        return bytes
    }
}
