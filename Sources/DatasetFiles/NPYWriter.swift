public import Foundation

/// Writes an NPY file piece by piece, so that its size does not matter to memory.
///
/// The file is written beside its place and appears when it is finished, whole.
public final class NPYWriter {
    private let url: URL
    private let partial: URL
    private let file: FileHandle
    private var missing: Int

    /// - Parameter shape: of the whole array, outermost dimension first.
    /// - Throws: `DatasetFileError` of kind `unwritable` or `tooLarge`.
    public init(_ url: URL, elementType: NPYArray.ElementType, shape: [Int]) throws {
        guard let size = checkedProduct(shape, elementType.size) else {
            throw DatasetFileError(.tooLarge, "\(url.path) would hold more than any memory can; write fewer examples.")
        }
        self.url = url
        partial = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).\(UUID().uuidString)")
        missing = size
        guard FileManager.default.createFile(atPath: partial.path, contents: Data(NPY.header(elementType, shape))),
            let file = FileHandle(forUpdatingAtPath: partial.path)
        else { throw ByteOutput.unwritable(url, "the file cannot be made") }
        self.file = file
        try attempt { try file.seekToEnd() }
    }

    deinit {
        try? file.close()
        try? FileManager.default.removeItem(at: partial)
    }

    /// Appends elements' bytes, little-endian.
    public func append(_ bytes: [UInt8]) throws {
        precondition(bytes.count <= missing, "an array holds the product of its dimensions of elements")
        try attempt { try file.write(contentsOf: bytes) }
        missing -= bytes.count
    }

    /// Puts the file in its place.
    ///
    /// - Precondition: all elements have been appended.
    public func finish() throws {
        precondition(missing == 0, "an array holds the product of its dimensions of elements")
        try attempt {
            try file.close()
            guard rename(partial.path, url.path) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        }
    }

    private func attempt<Result>(_ work: () throws -> Result) throws {
        do {
            _ = try work()
        } catch {
            throw ByteOutput.unwritable(url, plainReason(error))
        }
    }
}
