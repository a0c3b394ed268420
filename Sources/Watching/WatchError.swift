/// The reason that a program cannot be watched, as a sentence.
public struct WatchError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
