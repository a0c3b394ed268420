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
    /// - Parameter maximumBytes: the largest size accepted, of the file and of all its uncompressed arrays together.
    /// - Returns: the arrays by name, without `.npy`.
    /// - Throws: `DataFileError` as `NPY.read` does, and of kind `unsupported` for an encrypted archive, one in zip64
    ///   form (above 4 GiB) or one of another compression.
    public static func read(_ url: URL, maximumBytes: Int = IDX.defaultMaximumBytes) throws -> [String: NPYArray] {
        try decode(
            ByteStream.contents(of: url, maximumBytes: maximumBytes), source: url.path, maximumBytes: maximumBytes)
    }

    /// Decodes an NPZ file held in memory; `source` names it in errors.
    ///
    /// - Parameter leavingOutOtherTypes: whether arrays of text, objects and the like are left out, in place of an error.
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
                throw DataFileError(.damaged, "\(source) holds two arrays named '\(name)'; save it anew.")
            }
        }
        return arrays
    }

    /// The file's bytes for named arrays, uncompressed, in the order of their names.
    ///
    /// - Throws: `DataFileError` of kind `tooLarge` above 4 GiB.
    public static func encode(_ arrays: [String: NPYArray], source: String = "the archive") throws -> [UInt8] {
        var archive = ZipWriter(source: source)
        for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
            try archive.add(name: name + ".npy", contents: NPY.encode(array))
        }
        return try archive.finish()
    }

    /// Writes named arrays; the file appears whole or not at all.
    ///
    /// - Throws: `DataFileError` of kind `tooLarge` above 4 GiB, or `unwritable`.
    public static func write(_ arrays: [String: NPYArray], to url: URL) throws {
        try ByteOutput.write(encode(arrays, source: url.path), to: url)
    }
}
