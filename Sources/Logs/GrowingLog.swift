public import Foundation

/// The log of a program that is still running. Bytes are added as they are written, and the log can be interpreted at
/// any time.
///
/// Printed text, delimited text and JSON lines are read only once, in parts. Other formats are read anew for every
/// interpretation.
public struct GrowingLog {
    private let source: URL
    /// What `reader` has not taken yet; the last line may be incomplete.
    private var bytes: [UInt8] = []
    /// The reader, once the format is certain; `nil` for a format that must be read anew.
    private var reader: GrowingText?
    private var isCertain = false
    /// The number of bytes after which the format is certain.
    private let enoughBytes: Int

    /// - Parameter source: the file, or the name of a command, for messages.
    public init(source: URL) {
        // Reading fewer bytes takes a few milliseconds.
        self.init(source: source, enoughBytes: 1 << 16)
    }

    /// The length from which an unfinished line is left out, and the size up to which the end of an object is awaited.
    private static let (longestLine, largestObject) = (1 << 20, 1 << 26)

    package init(source: URL, enoughBytes: Int) { (self.source, self.enoughBytes) = (source, enoughBytes) }

    /// Adds bytes, which need not end with a line.
    public mutating func append(_ new: some Collection<UInt8>) {
        let before = bytes.count
        bytes += new
        guard let end = bytes[before...].lastIndex(where: \.isLineEnd) else {
            // No log has such a line. The rest of it is read as another line.
            if reader != nil, bytes.count > GrowingLog.longestLine { bytes = [] }
            return
        }
        if reader != nil {
            reader?.read(next: bytes[...end])
        } else {
            guard !isCertain, end >= enoughBytes, !isUnfinishedObject else { return }
            isCertain = true
            reader = bytes[...end].withUnsafeBufferPointer { text in
                do { return try LogFile(text, source).reader } catch {
                    // A program may print a lot before its first loss.
                    var printed = PrintedText()
                    printed.read(text)
                    return .printed(printed)
                }
            }
        }
        if reader != nil { bytes.removeSubrange(...end) }
    }

    /// Whether the text is an indented JSON object, which is complete only with its last line; a part of it would be
    /// read as printed text.
    private var isUnfinishedObject: Bool {
        bytes.count <= GrowingLog.largestObject
            && bytes.prefix { !$0.isLineEnd }.filter { !$0.isBlank } == [UInt8(ascii: "{")]
    }

    /// Whether the log is read in parts, so that a look at it costs no more the longer it is.
    package var isReadInParts: Bool { reader != nil }

    /// Interprets everything added so far, up to the last complete line.
    ///
    /// - Throws: ``LogError`` if it is not the log of a GAN, or not yet.
    public func log(assignments: [String] = []) throws -> LossLog { try LossLog(file(), assignments: assignments) }

    func file() throws -> LogFile {
        if let reader { return try reader.file(source) }
        guard let end = bytes.lastIndex(where: \.isLineEnd) else { throw LogError("\(source.path) is empty.") }
        return try bytes[...end].withUnsafeBufferPointer { try LogFile($0, source) }
    }
}

/// The reader of a text that grows.
enum GrowingText {
    case printed(PrintedText)
    case table(DelimitedText)
    case records(JSONLog)

    /// Reads further lines.
    mutating func read(next part: ArraySlice<UInt8>) {
        // Each reader is taken out while it is changed, so that its values are not copied.
        switch self {
        case .printed(var text):
            self = .printed(PrintedText())
            text.read(next: part)
            self = .printed(text)
        case .table(var text):
            self = .printed(PrintedText())
            text.read(next: part)
            self = .table(text)
        case .records(var text):
            self = .printed(PrintedText())
            text.read(next: part)
            self = .records(text)
        }
    }

    /// Everything read so far.
    func file(_ source: URL) throws -> LogFile {
        switch self {
        case .printed(let text): LogFile(name: source.path, table: text.result())
        case .table(let text): try LogFile(table: text, source)
        case .records(let text): LogFile(records: text, source)
        }
    }
}
