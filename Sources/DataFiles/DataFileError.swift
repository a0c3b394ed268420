/// What went wrong with a file of data: a kind to act on, and one plain sentence to show.
///
/// The sentence says what was wrong, where (the file), and what to do.
public struct DataFileError: Error, CustomStringConvertible, Hashable, Sendable {
    /// The kinds of failure, for callers that act on them.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// No such file, or no such data in any of the places searched.
        case notFound
        /// The name is not one of the catalogue's.
        case unknownName
        /// The file exists and cannot be read.
        case unreadable
        /// The file cannot be written: permissions, a full disk, another writer.
        case unwritable
        /// The file does not begin as its format demands.
        case wrongMagic
        /// A valid file of a variant that is not supported.
        case unsupported
        /// The file ends too early.
        case truncated
        /// The file goes on after its declared end.
        case oversized
        /// The declared size does not fit in memory addresses or exceeds the caller's limit.
        case tooLarge
        /// The file declares no element.
        case empty
        /// Two files, or a header and its use, contradict each other.
        case mismatched
        /// The contents do not decode.
        case damaged
        /// The SHA-256 differs from the known one.
        case wrongChecksum
        /// No server delivered the file.
        case network
    }

    /// The kind of failure.
    public let kind: Kind

    /// One plain sentence: what was wrong, where, and what to do.
    public let description: String

    /// Creates an error from its kind and its sentence.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
