/// One key of a ``TrainingConfiguration``: path, meaning, range, and access.
public struct ConfigurationKey: Sendable {
    /// The kind of a key's value.
    public enum Kind: Equatable, Sendable {
        /// A whole number.
        case integer
        /// A finite number.
        case number
        /// True or false.
        case boolean
        /// One of these words.
        case choice([String])
        /// Any text.
        case text
    }

    /// The path, such as `network.latent`.
    public let path: String
    /// The meaning of the key, in one line.
    public let summary: String
    /// The kind of its value.
    public let kind: Kind
    /// The allowed values in words: `a whole number from 1 to 65536`.
    public let allowed: String
    /// Reads the value.
    public let read: @Sendable (TrainingConfiguration) -> ConfigurationValue
    /// Writes the value; throws ``ConfigurationError`` if it has the wrong kind or is out of range.
    public let write: @Sendable (inout TrainingConfiguration, ConfigurationValue) throws -> Void

    /// Writes a value given as text, such as `1e-4` or `true`.
    ///
    /// Whole numbers may have underscores (`1_000_000`) or an exponent (`1e5`).
    public func write(_ configuration: inout TrainingConfiguration, text: String) throws {
        guard let value = value(of: text) else { throw refusal(of: "“\(text)”") }
        try write(&configuration, value)
    }

    /// The text as a value of this key's kind; `nil` if it is not one.
    private func value(of text: String) -> ConfigurationValue? {
        let text = text.trimmingWhitespace
        switch kind {
        case .integer:
            let digits = text.filter { $0 != "_" }
            return (Int(digits) ?? Double(digits).flatMap { Int(exactly: $0) }).map { .integer($0) }
        case .number:
            return Double(text.filter { $0 != "_" }).map { .number($0) }
        case .boolean:
            switch text.lowercased() {
            case "true", "yes", "on": return .boolean(true)
            case "false", "no", "off": return .boolean(false)
            default: return nil
            }
        case .choice, .text:
            return .text(text)
        }
    }

    /// The error for a value that is not allowed.
    func refusal(of given: String) -> ConfigurationError {
        .invalidValue(path: path, given: given, allowed: allowed, place: nil)
    }
}

extension String {
    /// The text without leading and trailing white space.
    package var trimmingWhitespace: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
