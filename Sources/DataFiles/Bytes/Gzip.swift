import CZlib
public import Foundation

/// Gzip compression and decompression through zlib.
///
/// ```swift
/// let compressed = try Gzip.compress(Array("hello".utf8))
/// let bytes = try Gzip.decompress(compressed, maximumBytes: 1 << 20)
/// ```
public enum Gzip {
    /// The two bytes that every gzip file begins with.
    public static let magic: [UInt8] = [0x1F, 0x8B]

    /// Whether `bytes` start with the gzip magic number.
    public static func isCompressed(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.starts(with: magic)
    }

    /// Decompresses all members of gzip data.
    ///
    /// Memory use grows with the data actually decoded, never with a declared size.
    /// - Parameters:
    ///   - maximumBytes: the largest result accepted; a decompression bomb fails as soon as it exceeds this size.
    ///   - source: the name of the data in errors, usually the path of the file.
    /// - Throws: `DataFileError` of kind `wrongMagic`, `truncated`, `damaged`, `oversized` (bytes after the end) or
    ///   `tooLarge`.
    public static func decompress(
        _ bytes: [UInt8], maximumBytes: Int, source: String = "the compressed data"
    ) throws -> [UInt8] {
        guard isCompressed(bytes) else {
            throw DataFileError(
                .wrongMagic, "\(source) is not gzip data: it does not begin with 1F 8B; check the file.")
        }
        return try inflate(bytes[...], format: .gzip, maximumBytes: maximumBytes, source: source)
    }

    /// Returns the contents of a file, decompressed if it starts with the gzip magic number, whatever its name.
    ///
    /// - Parameter maximumBytes: the largest uncompressed size accepted.
    /// - Throws: `DataFileError`, as `decompress` does, or if the file cannot be read.
    public static func contents(of url: URL, maximumBytes: Int) throws -> [UInt8] {
        try ByteStream.contents(of: url, maximumBytes: maximumBytes)
    }

    /// Compresses `bytes` into one gzip member.
    ///
    /// The header contains neither a name nor a time, so equal input gives equal output.
    /// - Parameter level: from 1 (fastest) to 9 (smallest).
    /// - Throws: `DataFileError` if zlib fails, for example because memory runs out.
    public static func compress(_ bytes: [UInt8], level: Int = 6) throws -> [UInt8] {
        // zlib keeps a pointer to the stream, so its address must not change.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let size = Int32(MemoryLayout<z_stream>.size)
        let started = deflateInit2_(
            stream, Int32(min(max(level, 1), 9)), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        guard started == Z_OK else {
            throw DataFileError(
                .unwritable,
                "The data cannot be compressed: zlib could not be initialized (status \(started)).")
        }
        defer { deflateEnd(stream) }

        var result: [UInt8] = []
        var output = [UInt8](repeating: 0, count: 1 << 18)
        try bytes.withUnsafeBufferPointer { input in
            var offset = 0
            var status = Z_OK
            while status != Z_STREAM_END {
                // zlib counts input in 32 bits.
                let count = min(input.count - offset, 1 << 30)
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + offset })
                stream.pointee.avail_in = uInt(count)
                let flush = offset + count == input.count ? Z_FINISH : Z_NO_FLUSH
                let produced = output.withUnsafeMutableBufferPointer { buffer in
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = uInt(buffer.count)
                    status = deflate(stream, flush)
                    return buffer.count - Int(stream.pointee.avail_out)
                }
                offset += count - Int(stream.pointee.avail_in)
                guard status == Z_OK || status == Z_STREAM_END || (status == Z_BUF_ERROR && produced > 0) else {
                    throw DataFileError(.unwritable, "The data cannot be compressed: zlib failed (status \(status)).")
                }
                result.append(contentsOf: output[..<produced])
            }
        }
        return result
    }

    /// Decompresses bytes in memory; throws once the output exceeds `maximumBytes`.
    static func inflate(
        _ bytes: ArraySlice<UInt8>, format: Inflater.Format, maximumBytes: Int, source: String
    ) throws -> [UInt8] {
        let inflater = try Inflater(format: format, source: source)
        var result: [UInt8] = []
        _ = try bytes.withUnsafeBufferPointer { input in
            try inflater.consume(input) { piece in
                guard piece.count <= maximumBytes - result.count else {
                    throw ByteStream.tooLarge(source, maximumBytes)
                }
                result.append(contentsOf: piece)
                return true
            }
        }
        try inflater.finish()
        return result
    }
}
