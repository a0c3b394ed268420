public import Foundation

/// NumPy's file format for several named arrays: a zip archive of NPY files.
///
/// ```swift
/// try NPZ.write(["images": images, "labels": labels], to: URL(filePath: "samples.npz"))
/// let images = try NPZ.read(URL(filePath: "samples.npz"))["images"]
/// ```
public enum NPZ {
    /// Reads all arrays of an archive, stored or deflated.
    ///
    /// - Parameter maximumBytes: the largest size accepted, both for the file and for all its uncompressed arrays
    ///   together.
    /// - Returns: the arrays by name, without the `.npy` suffix.
    /// - Throws: `DataFileError` as `NPY.read` does, and of kind `unsupported` for an archive that is encrypted, in
    ///   zip64 form (above 4 GiB) or compressed by another method.
    public static func read(_ url: URL, maximumBytes: Int = IDX.defaultMaximumBytes) throws -> [String: NPYArray] {
        try decode(
            ByteStream.contents(of: url, maximumBytes: maximumBytes), source: url.path, maximumBytes: maximumBytes)
    }

    /// Decodes an NPZ file held in memory; `source` names it in errors.
    ///
    /// - Parameter leavingOutOtherTypes: whether to skip arrays of unsupported types, such as text and objects, instead
    ///   of throwing an error.
    public static func decode(
        _ bytes: [UInt8], source: String, maximumBytes: Int = IDX.defaultMaximumBytes,
        leavingOutOtherTypes: Bool = false
    ) throws -> [String: NPYArray] {
        let archive = try ZipReader(bytes, source: source)
        var room = maximumBytes
        var arrays: [String: NPYArray] = [:]
        for entry in archive.entries where !entry.name.hasSuffix("/") {
            let contents = try archive.contents(of: entry, maximumBytes: room)
            room -= contents.count
            let name = entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
            let array: NPYArray
            do {
                array = try NPY.decode(contents, source: "\(source) (array '\(name)')")
            } catch let error as DataFileError where leavingOutOtherTypes && error.kind == .unsupported {
                continue
            }
            guard arrays.updateValue(array, forKey: name) == nil else {
                throw DataFileError(
                    .damaged,
                    "\(source) holds two arrays named '\(name)'; save it again with different names.")
            }
        }
        return arrays
    }

    /// Encodes named arrays as an uncompressed archive, in order of their names.
    public static func encode(_ arrays: [String: NPYArray]) throws -> [UInt8] {
        var archive = ZipWriter()
        var bytes: [UInt8] = []
        for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
            bytes += try archive.entry(name + ".npy", NPY.encode(array))
        }
        return bytes + archive.end()
    }

    /// Writes named arrays; the file appears only when complete.
    ///
    /// - Throws: `DataFileError` of kind `unwritable`.
    public static func write(_ arrays: [String: NPYArray], to url: URL) throws {
        try ByteOutput.write(encode(arrays), to: url)
    }
}
