public import Foundation

/// The log of a program that is still running. Bytes are added as they are written, and the log can be interpreted at
/// any time.
///
/// Printed text is read only once, in parts; other formats are read anew for every interpretation.
public struct GrowingLog {
    private let source: URL
    /// What was not taken into `printed` yet; the last line may be incomplete.
    private var bytes: [UInt8] = []
    /// The reader of printed text, once the format is certain.
    private var printed: PrintedText?
    private var isCertain = false

    /// The number of bytes after which the format is certain.
    private let enoughBytes: Int

    /// - Parameter source: the file, or the name of a command, for messages.
    public init(source: URL) {
        // Reading fewer bytes takes a few milliseconds.
        self.init(source: source, enoughBytes: 1 << 16)
    }

    package init(source: URL, enoughBytes: Int) { (self.source, self.enoughBytes) = (source, enoughBytes) }

    /// Adds bytes, which need not end with a line.
    public mutating func append(_ new: some Collection<UInt8>) {
        bytes += new
        if !isCertain, bytes.count >= enoughBytes { decide() }
        readLines()
    }

    private mutating func decide() {
        isCertain = true
        let file = try? bytes.withUnsafeBufferPointer { try LogFile($0, source) }
        if file?.isPrinted ?? true { printed = PrintedText() }
    }

    /// Takes all complete lines into the printed text.
    private mutating func readLines() {
        guard printed != nil, let end = bytes.lastIndex(where: \.isLineEnd) else { return }
        printed?.read(next: bytes[...end])
        bytes.removeSubrange(...end)
    }

    /// Interprets everything added so far, up to the last complete line.
    ///
    /// - Throws: ``LogError`` if it is not the log of a GAN, or not yet.
    public func log(assignments: [String] = []) throws -> LossLog {
        if let printed {
            return try LossLog(LogFile(name: source.path, table: printed.result()), assignments: assignments)
        }
        guard let end = bytes.lastIndex(where: \.isLineEnd) else { throw LogError("\(source.path) is empty.") }
        let file = try bytes[...end].withUnsafeBufferPointer { try LogFile($0, source) }
        return try LossLog(file, assignments: assignments)
    }
}
