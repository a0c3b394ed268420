import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes a file piece by piece and makes sure that the data is on disk before reporting success.
struct DurableFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    /// Creates the file, or truncates an existing one.
    init(creating url: URL) throws(TorchError) {
        path = url.path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw DurableFile.failure("created", path) }
    }

    deinit { _ = close(descriptor) }

    func write(_ bytes: UnsafeRawBufferPointer) throws(TorchError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let chunk = UnsafeRawBufferPointer(rebasing: rest)
            let written = unistdWrite(descriptor, chunk.baseAddress, chunk.count)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw DurableFile.failure("written", path) }
            rest = rest.dropFirst(written)
        }
    }

    func write(_ bytes: [UInt8]) throws(TorchError) {
        let outcome = bytes.withUnsafeBytes { buffer in
            Result { () throws(TorchError) in try write(buffer) }
        }
        try outcome.get()
    }

    /// Waits until all data is on disk.
    func synchronize() throws(TorchError) {
        guard fsync(descriptor) == 0 else { throw DurableFile.failure("written", path) }
    }

    private static func failure(_ what: String, _ path: String) -> TorchError {
        TorchError(.fileSystem, "\(path) could not be \(what): \(String(cString: strerror(errno))).")
    }
}

private func unistdWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
        Glibc.write(descriptor, bytes, count)
    #else
        Darwin.write(descriptor, bytes, count)
    #endif
}
