package import Foundation

/// Reads a file in pieces, decompressing it on the fly if it starts with the gzip magic number.
///
/// Memory use does not depend on the size that the file declares: the consumer receives pieces of bounded size and
/// decides how much to keep.
package enum ByteStream {
    /// The maximum number of bytes read from the file at once.
    static let pieceSize = 1 << 20

    /// Calls `body` with successive pieces of the uncompressed contents until it returns `false`.
    package static func read(_ url: URL, body: (UnsafeBufferPointer<UInt8>) throws -> Bool) throws {
        let file = try open(url)
        defer { try? file.close() }
        guard var piece = try next(file, url), !piece.isEmpty else { return }
        if piece.count == 1, let more = try next(file, url) { piece.append(more) }

        guard piece.starts(with: Gzip.magic) else {
            while true {
                guard try withBytes(piece, body), let following = try next(file, url) else { return }
                piece = following
            }
        }
        let inflater = try Inflater(format: .gzip, source: url.path)
        while true {
            guard try withBytes(piece, { try inflater.consume($0, sink: body) }) else { return }
            guard let following = try next(file, url) else { break }
            piece = following
        }
        try inflater.finish()
    }

    /// Returns the whole uncompressed contents; throws once they exceed `maximumBytes`.
    static func contents(of url: URL, maximumBytes: Int) throws -> [UInt8] {
        var contents: [UInt8] = []
        try read(url) { piece in
            guard piece.count <= maximumBytes - contents.count else {
                throw tooLarge(url.path, maximumBytes)
            }
            contents.append(contentsOf: piece)
            return true
        }
        return contents
    }

    /// The error for contents that exceed a limit.
    package static func tooLarge(_ source: String, _ maximumBytes: Int) -> DataFileError {
        DataFileError(
            .tooLarge,
            "\(source) holds more than the \(maximumBytes) bytes allowed here once uncompressed; check that it is the "
                + "intended file.")
    }

    private static func open(_ url: URL) throws -> FileHandle {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw DataFileError(.notFound, "\(url.path) does not exist; check the path.")
        }
        guard !isFolder.boolValue else {
            throw DataFileError(
                .unreadable, "\(url.path) is a folder, expected a file; give the path of a file in it.")
        }
        do {
            return try FileHandle(forReadingFrom: url)
        } catch {
            throw unreadable(url, error)
        }
    }

    private static func next(_ file: FileHandle, _ url: URL) throws -> Data? {
        do {
            guard let piece = try file.read(upToCount: pieceSize), !piece.isEmpty else { return nil }
            return piece
        } catch {
            throw unreadable(url, error)
        }
    }

    private static func unreadable(_ url: URL, _ error: any Error) -> DataFileError {
        DataFileError(
            .unreadable, "\(url.path) cannot be read (\(plainReason(error))); check the file and its permissions.")
    }

    private static func withBytes<Result>(
        _ data: Data, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        try data.withUnsafeBytes { try $0.withMemoryRebound(to: UInt8.self) { try body($0) } }
    }
}
