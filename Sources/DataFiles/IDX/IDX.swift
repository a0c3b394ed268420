public import Foundation

/// The IDX file format of the MNIST family: a magic number, big-endian dimensions, elements.
///
/// ```swift
/// let images = try IDX.read(URL(filePath: "train-images-idx3-ubyte.gz"))
/// print(images.dimensions)  // [60000, 28, 28]
/// ```
/// Format: “The IDX file format” at <https://yann.lecun.com/exdb/mnist/>.
public enum IDX {
    /// The default size limit: 8 GiB.
    public static let defaultMaximumBytes = 8 << 30

    /// Reads an IDX file, plain or gzip; the first bytes determine which, not the file name.
    ///
    /// - Parameter maximumBytes: the largest uncompressed size accepted.
    /// - Throws: `DataFileError` of kind `notFound`, `unreadable`, `wrongMagic`, `unsupported` (element type), `empty`
    ///   (a dimension is zero), `tooLarge`, `truncated`, `oversized` or `damaged`.
    public static func read(_ url: URL, maximumBytes: Int = defaultMaximumBytes) throws -> IDXArray {
        var accumulator = IDXAccumulator(source: url.path, maximumBytes: maximumBytes)
        try ByteStream.read(url) { try accumulator.append($0) }
        return try accumulator.finish()
    }

    /// Decodes an uncompressed IDX file held in memory; `source` names it in errors.
    public static func decode(_ bytes: [UInt8], source: String) throws -> IDXArray {
        var accumulator = IDXAccumulator(source: source, maximumBytes: .max)
        _ = try bytes.withUnsafeBufferPointer { try accumulator.append($0) }
        return try accumulator.finish()
    }

    /// Encodes an array as an uncompressed IDX file.
    public static func encode(_ array: IDXArray) -> [UInt8] {
        var bytes: [UInt8] = [0, 0, array.elementType.rawValue, UInt8(array.dimensions.count)]
        for dimension in array.dimensions {
            withUnsafeBytes(of: UInt32(dimension).bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes + array.bytes
    }

    /// Writes an array, compressed if the file name ends in `.gz`; the file appears only when complete.
    ///
    /// - Throws: `DataFileError` of kind `unwritable`.
    public static func write(_ array: IDXArray, to url: URL) throws {
        let bytes = encode(array)
        try ByteOutput.write(url.pathExtension == "gz" ? Gzip.compress(bytes) : bytes, to: url)
    }
}
