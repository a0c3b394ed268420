public import Foundation

/// Writes an NPY file in pieces, so that memory use does not depend on its size. The file appears only when complete.
public final class NPYWriter {
    private let file: OutputFile
    private var missingBytes: Int

    /// - Parameter shape: the shape of the whole array, outermost dimension first.
    /// - Throws: `DataFileError` of kind `unwritable` or `tooLarge`.
    public init(_ url: URL, elementType: NPYArray.ElementType, shape: [Int]) throws {
        guard let size = checkedProduct(shape, elementType.size) else {
            throw DataFileError(
                .tooLarge,
                "\(url.path) would be larger than any memory can hold; write fewer examples.")
        }
        missingBytes = size
        file = try OutputFile(url)
        try file.write(NPY.header(elementType, shape))
    }

    /// Appends the bytes of elements, little-endian.
    public func append(_ bytes: [UInt8]) throws {
        precondition(bytes.count <= missingBytes, "more elements than the shape declares")
        try file.write(bytes)
        missingBytes -= bytes.count
    }

    /// Moves the file into place.
    ///
    /// - Precondition: all elements have been appended.
    public func finish() throws {
        precondition(missingBytes == 0, "fewer elements than the shape declares")
        try file.finish()
    }
}
