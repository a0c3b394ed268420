import CZlib

/// An incremental zlib decompressor that holds one piece of output at a time.
final class Inflater {
    /// The container around the compressed data.
    enum Format {
        /// One or more gzip members, optionally followed by zero padding.
        case gzip
        /// Bare DEFLATE data, as in a zip archive.
        case raw
    }

    private static let outputSize = 1 << 18

    // zlib keeps a pointer to the stream, so its address must not change.
    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutablePointer<UInt8>
    private let format: Format
    private let source: String
    private var isAtEnd = false
    private var isInPadding = false

    /// Creates a decompressor; `source` names the file in errors.
    init(format: Format, source: String) throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(capacity: Self.outputSize)
        self.format = format
        self.source = source
        let windowBits: Int32 = format == .gzip ? 15 + 16 : -15
        let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw DataFileError(
                .unreadable,
                "\(source) cannot be decompressed: zlib could not be initialized (status \(status)).")
        }
    }

    deinit {
        inflateEnd(stream)
        output.deallocate()
        stream.deallocate()
    }

    /// Decompresses `input`, passes each piece of output to `sink`, and returns `false` as soon as `sink` does.
    func consume(
        _ input: UnsafeBufferPointer<UInt8>, sink: (UnsafeBufferPointer<UInt8>) throws -> Bool
    ) throws -> Bool {
        guard var next = input.baseAddress else { return true }
        var remaining = input.count
        while remaining > 0 {
            // zlib counts input in 32 bits.
            let count = min(remaining, 1 << 30)
            guard try consumePiece(UnsafeBufferPointer(start: next, count: count), sink: sink) else { return false }
            next += count
            remaining -= count
        }
        return true
    }

    /// Checks that the compressed data is complete.
    func finish() throws {
        guard isAtEnd else {
            throw DataFileError(
                .truncated, "\(source) is truncated: its compressed data ends early; fetch it again.")
        }
    }

    private func consumePiece(
        _ input: UnsafeBufferPointer<UInt8>, sink: (UnsafeBufferPointer<UInt8>) throws -> Bool
    ) throws -> Bool {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = uInt(input.count)
        var hasPendingOutput = false
        while stream.pointee.avail_in > 0 || hasPendingOutput {
            if isAtEnd, try !startNextMember() { return true }
            stream.pointee.next_out = output
            stream.pointee.avail_out = uInt(Self.outputSize)
            let status = inflate(stream, Z_NO_FLUSH)
            let produced = Self.outputSize - Int(stream.pointee.avail_out)
            hasPendingOutput = stream.pointee.avail_out == 0 && status == Z_OK
            if produced > 0, try !sink(UnsafeBufferPointer(start: output, count: produced)) { return false }
            switch status {
            case Z_OK: break
            case Z_STREAM_END: isAtEnd = true
            case Z_BUF_ERROR: return true
            default: throw damaged()
            }
        }
        return true
    }

    /// Starts the next member after a finished one; returns `false` if only padding follows.
    private func startNextMember() throws -> Bool {
        while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0, format == .gzip {
            isInPadding = true
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        guard stream.pointee.avail_in > 0 else { return false }
        guard format == .gzip, !isInPadding, stream.pointee.next_in.pointee == Gzip.magic[0] else {
            throw DataFileError(
                .oversized,
                "\(source) has \(stream.pointee.avail_in) or more bytes after the end of its compressed data; "
                    + "fetch it again.")
        }
        guard inflateReset(stream) == Z_OK else { throw damaged() }
        isAtEnd = false
        return true
    }

    private func damaged() -> DataFileError {
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "unknown reason"
        return DataFileError(
            .damaged, "\(source) is damaged: its compressed data cannot be decoded (\(reason)); fetch it again.")
    }
}
