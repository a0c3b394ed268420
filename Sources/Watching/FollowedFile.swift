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
    /// The first bytes of the file, which distinguish a file that was written anew from one that goes on.
    private var beginning: [UInt8] = []
    /// The first bytes of the file that this one has replaced, until some of it are read.
    private var formerBeginning: [UInt8]?
    /// The bytes that were read last.
    private var newest: [UInt8] = []

    private static let (beginningSize, newestSize) = (1024, 64)
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
        if present.st_size < offset || isRewritten() { startOver() }
        let bytes = readPortion(of: present.st_size)
        if !bytes.isEmpty { return news(bytes) }
        // Everything of this file is read; another one may have taken its name.
        var named = stat()
        guard stat(url.path, &named) == 0, (named.st_dev, named.st_ino) != (present.st_dev, present.st_ino) else {
            return nil
        }
        close(descriptor)
        descriptor = -1
        guard openFile(), fstat(descriptor, &present) == 0 else { return nil }
        startOver()
        let first = readPortion(of: present.st_size)
        return first.isEmpty ? nil : news(first)
    }

    private func openFile() -> Bool {
        // A pipe must not even be opened: its writer would notice.
        var present = stat()
        guard stat(url.path, &present) == 0, present.st_mode & S_IFMT == S_IFREG else { return false }
        descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        return descriptor >= 0
    }

    /// Begins again at the start of the file; whether it was written anew shows in its first bytes.
    private func startOver() {
        formerBeginning = formerBeginning ?? beginning
        (offset, beginning, newest) = (0, [], [])
    }

    /// The bytes, with whether they show that the file was written anew.
    private func news(_ bytes: [UInt8]) -> News {
        guard let former = formerBeginning else { return News(bytes: bytes) }
        formerBeginning = nil
        let common = min(former.count, bytes.count)
        return News(isRestart: common > 0 && former.prefix(common) == bytes.prefix(common), bytes: bytes)
    }

    /// Whether the bytes that were read last are no longer there.
    private func isRewritten() -> Bool {
        guard !newest.isEmpty else { return false }
        var bytes = [UInt8](repeating: 0, count: newest.count)
        let count = pread(descriptor, &bytes, bytes.count, offset - off_t(newest.count))
        return count == bytes.count && bytes != newest
    }

    private func readPortion(of size: off_t) -> [UInt8] {
        guard size > offset, offset < FollowedFile.largest else { return [] }
        var bytes = [UInt8](repeating: 0, count: min(FollowedFile.portion, Int(size - offset)))
        let count = max(0, pread(descriptor, &bytes, bytes.count, offset))
        bytes.removeSubrange(count...)
        if beginning.count < FollowedFile.beginningSize {
            beginning += bytes.prefix(FollowedFile.beginningSize - beginning.count)
        }
        newest = Array((newest + bytes.suffix(FollowedFile.newestSize)).suffix(FollowedFile.newestSize))
        offset += off_t(count)
        return bytes
    }
}
