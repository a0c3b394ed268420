import Crypto
import DataFiles
public import Foundation

/// SHA-256 of file contents, independent of compression.
public enum ContentChecksum {
    /// Returns the SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
    public static func sha256(_ bytes: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: bytes))
    }

    /// Returns the SHA-256 of a file's contents, after decompression if the file is gzip.
    ///
    /// The file is read in pieces, so memory use does not depend on its size.
    /// - Parameter maximumBytes: the largest uncompressed size accepted.
    /// - Throws: `DataFileError` if the file cannot be read, is damaged or is too large.
    public static func sha256(ofContentsOf url: URL, maximumBytes: Int = .max) throws -> String {
        var hash = SHA256()
        var count = 0
        try ByteStream.read(url) { piece in
            guard piece.count <= maximumBytes - count else { throw ByteStream.tooLarge(url.path, maximumBytes) }
            count += piece.count
            hash.update(bufferPointer: UnsafeRawBufferPointer(piece))
            return true
        }
        return hexadecimal(hash.finalize())
    }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
