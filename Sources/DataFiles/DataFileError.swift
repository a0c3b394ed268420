/// An error in a data file: a kind for code to act on, and one plain sentence for people.
///
/// The sentence says what is wrong, where (the file) and what to do.
public struct DataFileError: Error, CustomStringConvertible, Hashable, Sendable {
    /// The kinds of failure, for callers that handle them differently.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The file does not exist, or the dataset was not in any of the folders searched.
        case notFound
        /// The name is not in the catalog.
        case unknownName
        /// The file exists but cannot be read.
        case unreadable
        /// The file cannot be written: missing permissions, a full disk or another writer.
        case unwritable
        /// The file does not start with its format's magic number.
        case wrongMagic
        /// The file is valid but of an unsupported variant.
        case unsupported
        /// The file ends too early.
        case truncated
        /// The file continues after its declared end.
        case oversized
        /// The declared size overflows or exceeds the caller's limit.
        case tooLarge
        /// The file declares no elements.
        case empty
        /// Two files, or a header and its use, contradict each other.
        case mismatched
        /// The contents cannot be decoded.
        case damaged
        /// The SHA-256 differs from the expected one.
        case wrongChecksum
        /// No server delivered the file.
        case network
    }

    /// The kind of failure.
    public let kind: Kind

    /// One plain sentence: what is wrong, where and what to do.
    public let description: String

    /// Creates an error from its kind and message.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
