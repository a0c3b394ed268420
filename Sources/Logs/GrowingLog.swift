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

    /// The length at which a line is left out, and the size from which JSON is not tried again.
    private static let (longestLine, largestJSON) = (1 << 20, 1 << 26)

    package init(source: URL, enoughBytes: Int) { (self.source, self.enoughBytes) = (source, enoughBytes) }

    /// Adds bytes, which need not end with a line.
    public mutating func append(_ new: some Collection<UInt8>) {
        let before = bytes.count
        bytes += new
        guard let end = bytes[before...].lastIndex(where: \.isLineEnd) else {
            // Such a line is no log; the rest of it reads as another one.
            if reader != nil, bytes.count > GrowingLog.longestLine { bytes = [] }
            return
        }
        guard isCertain || end >= enoughBytes else { return }
        if reader != nil {
            reader?.read(next: bytes[...end])
        } else if !isCertain {
            isCertain = true
            // Records within other JSON are complete only at its end.
            if bytes.first(where: { !$0.isBlank && !$0.isLineEnd }).map({ "{[".utf8.contains($0) }) == true {
                reader = try? bytes[...end].withUnsafeBufferPointer { try LogFile($0, source).reader }
                if case .records? = reader {
                } else {
                    reader = nil
                    isCertain = bytes.count > GrowingLog.largestJSON
                    return
                }
                bytes.removeSubrange(...end)
                return
            }
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
