import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A stamp that detects changes of a run without opening its database: equal stamps mean that nothing has changed.
public struct RunStamp: Hashable, Sendable, Codable {
    private let parts: [Int64]
    /// Whether a writer is active.
    let isHeld: Bool

    /// Takes the stamp of a folder, in a few microseconds.
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
