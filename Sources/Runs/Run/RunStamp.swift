import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Tells, without opening a run's database, whether anything of the run may have changed: two equal stamps of a folder mean
/// that nothing has.
public struct RunStamp: Hashable, Sendable, Codable {
    private let parts: [Int64]
    /// Whether a writer is at work.
    let isHeld: Bool

    /// The stamp of a folder now; a few microseconds.
    public init(_ folder: RunFolder) {
        let path = folder.database.path
        var parts: [Int64] = []
        for file in [path, path + "-wal", folder.annotations.path] {
            var found = stat()
            guard stat(file, &found) == 0 else {
                parts.append(-1)
                continue
            }
            #if canImport(Darwin)
                let time = found.st_mtimespec
            #else
                let time = found.st_mtim
            #endif
            parts += [Int64(found.st_size), Int64(found.st_ino), Int64(time.tv_sec), Int64(time.tv_nsec)]
        }
        self.parts = parts
        isHeld = RunLock.isHeld(folder)
    }
}
