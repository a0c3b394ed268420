public import Foundation

/// A file that is written in pieces and appears only when complete. Until then its contents are in `.<name>.partial` in
/// the same folder, and any existing file stays intact.
///
/// Devices and pipes, such as `/dev/stdout`, are written to directly. Symbolic links are followed.
public final class OutputFile {
    private let url: URL
    private let partial: URL?
    private let file: FileHandle

    /// - Throws: `DataFileError` of kind `unwritable`.
    public init(_ url: URL) throws {
        self.url = url.resolvingSymlinksInPath()
        var status = stat()
        let isSpecial = stat(self.url.path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        if isSpecial, status.st_mode & S_IFMT == S_IFDIR { throw ByteOutput.unwritable(url, "it is a folder") }
        partial =
            isSpecial
            ? nil
            : self.url.deletingLastPathComponent().appending(path: ".\(self.url.lastPathComponent).partial")
        let flags = isSpecial ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC
        let descriptor = open((partial ?? self.url).path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ByteOutput.unwritable(url, String(cString: strerror(errno)).lowercased()) }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    deinit { if let partial { try? FileManager.default.removeItem(at: partial) } }

    public func write(_ bytes: some DataProtocol) throws {
        try attempt { try file.write(contentsOf: bytes) }
    }

    /// Moves the file into place.
    public func finish() throws {
        try attempt {
            try file.close()
            guard let partial else { return }
            guard rename(partial.path, url.path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        }
    }

    private func attempt(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch {
            throw ByteOutput.unwritable(url, plainReason(error))
        }
    }
}
