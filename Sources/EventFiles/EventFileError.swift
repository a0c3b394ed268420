/// The reason that an event file cannot be read or written, as a sentence.
public struct EventFileError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
