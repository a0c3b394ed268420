import Crypto
import DataFiles
public import Foundation

/// SHA-256 of contents, independent of how they are compressed.
public enum ContentChecksum {
    /// The SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
    public static func sha256(_ bytes: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: bytes))
    }

    /// The SHA-256 of a file's contents, of the uncompressed ones if the file is gzip.
    ///
    /// The file is read in pieces, so that its size does not matter to memory.
    /// - Parameter maximumBytes: the largest uncompressed size accepted.
    /// - Throws: `DataFileError` when the file cannot be read, is damaged or is larger.
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
