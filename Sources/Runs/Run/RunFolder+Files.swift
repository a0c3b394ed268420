public import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension RunFolder {
    /// Whether the folder contains a run's database as a regular file, not a link; takes a few microseconds.
    public var exists: Bool {
        var found = stat()
        return lstat(database.path, &found) == 0 && found.st_mode & S_IFMT == S_IFREG
    }

    /// Opens a file of the run for reading.
    ///
    /// A run may come from an untrusted source. Links that lead out of the folder are not opened, nor are special
    /// files, which could block or never end.
    ///
    /// - Returns: `nil` if there is no such file or if it is not allowed.
    public func open(_ file: URL) -> FileHandle? {
        guard let place = realpath(file.path, nil), let home = realpath(directory.path, nil) else { return nil }
        defer {
            free(place)
            free(home)
        }
        guard String(cString: place).hasPrefix(String(cString: home) + "/") else { return nil }
        #if canImport(Darwin)
            let descriptor = Darwin.open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        #else
            let descriptor = Glibc.open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        #endif
        guard descriptor >= 0 else { return nil }
        var found = stat()
        guard fstat(descriptor, &found) == 0, found.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Reads the contents of a file of the run; see ``open(_:)``.
    ///
    /// - Parameter mostBytes: larger files are not read.
    public func contents(of file: URL, mostBytes: Int) -> Data? {
        guard let handle = open(file), let size = try? handle.seekToEnd(), size <= mostBytes,
            (try? handle.seek(toOffset: 0)) != nil
        else { return nil }
        return (try? handle.readToEnd()) ?? Data()
    }
}
