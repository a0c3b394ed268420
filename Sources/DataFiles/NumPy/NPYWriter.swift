public import Foundation

/// Writes an NPY file piece by piece, so that its size does not matter to memory. It appears when it is finished, whole.
public final class NPYWriter {
    private let file: OutputFile
    private var missingBytes: Int

    /// - Parameter shape: of the whole array, outermost dimension first.
    /// - Throws: `DataFileError` of kind `unwritable` or `tooLarge`.
    public init(_ url: URL, elementType: NPYArray.ElementType, shape: [Int]) throws {
        guard let size = checkedProduct(shape, elementType.size) else {
            throw DataFileError(.tooLarge, "\(url.path) would hold more than any memory can; write fewer examples.")
        }
        missingBytes = size
        file = try OutputFile(url)
        try file.write(NPY.header(elementType, shape))
    }

    /// Appends elements' bytes, little-endian.
    public func append(_ bytes: [UInt8]) throws {
        precondition(bytes.count <= missingBytes, "an array holds the product of its dimensions of elements")
        try file.write(bytes)
        missingBytes -= bytes.count
    }

    /// Puts the file in its place.
    ///
    /// - Precondition: all elements have been appended.
    public func finish() throws {
        precondition(missingBytes == 0, "an array holds the product of its dimensions of elements")
        try file.finish()
    }
}
