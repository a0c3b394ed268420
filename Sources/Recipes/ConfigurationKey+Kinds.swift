extension ConfigurationKey {
    /// The key path of a value in a configuration.
    typealias Place<Value> = WritableKeyPath<TrainingConfiguration, Value> & Sendable

    /// A key of whole numbers in a range, with the meaning of 0.
    static func integer(
        _ path: String, _ place: any Place<Int>, _ range: ClosedRange<Int>, zero: String? = nil, _ summary: String
    ) -> ConfigurationKey {
        let bounds =
            range.upperBound == Int.max
            ? "a whole number of at least \(range.lowerBound)"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        let allowed = bounds + (zero.map { " (0: \($0))" } ?? "")
        return integer(path, place, allowed: allowed, summary) { range.contains($0) }
    }

    /// A key of a few whole numbers.
    static func integer(
        _ path: String, _ place: any Place<Int>, among values: [Int], zero: String, _ summary: String
    ) -> ConfigurationKey {
        let allowed = "one of \(values.map(String.init).joined(separator: ", ")) (0: \(zero))"
        return integer(path, place, allowed: allowed, summary) { values.contains($0) }
    }

    private static func integer(
        _ path: String, _ place: any Place<Int>, allowed: String, _ summary: String,
        isAllowed: @escaping @Sendable (Int) -> Bool
    ) -> ConfigurationKey {
        make(
            path, summary, .integer, allowed, read: { .integer($0[keyPath: place]) },
            accept: { configuration, value in
                let integer: Int? =
                    switch value {
                    case .integer(let integer): integer
                    case .number(let number): Int(exactly: number)
                    default: nil
                    }
                guard let integer, isAllowed(integer) else { return false }
                configuration[keyPath: place] = integer
                return true
            })
    }

    /// A key of finite numbers.
    static func number(
        _ path: String, _ place: any Place<Double>, _ allowed: String, _ summary: String,
        isAllowed: @escaping @Sendable (Double) -> Bool
    ) -> ConfigurationKey {
        make(
            path, summary, .number, allowed, read: { .number($0[keyPath: place]) },
            accept: { configuration, value in
                let number: Double? =
                    switch value {
                    case .integer(let integer): Double(integer)
                    case .number(let number): number
                    default: nil
                    }
                guard let number, number.isFinite, isAllowed(number) else { return false }
                configuration[keyPath: place] = number
                return true
            })
    }

    /// A key of true or false.
    static func boolean(_ path: String, _ place: any Place<Bool>, _ summary: String) -> ConfigurationKey {
        make(
            path, summary, .boolean, "true or false", read: { .boolean($0[keyPath: place]) },
            accept: { configuration, value in
                guard case .boolean(let boolean) = value else { return false }
                configuration[keyPath: place] = boolean
                return true
            })
    }

    /// A key of the words of an enumeration.
    static func choice<Choice>(
        _ path: String, _ place: any Place<Choice>, _ summary: String
    ) -> ConfigurationKey
    where Choice: RawRepresentable & CaseIterable & Sendable, Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue)
        return word(path, place, words, "one of \(words.joined(separator: ", "))", summary)
    }

    /// A key of words that a type parses.
    static func word<Choice>(
        _ path: String, _ place: any Place<Choice>, _ words: [String], _ allowed: String, _ summary: String
    ) -> ConfigurationKey where Choice: RawRepresentable & Sendable, Choice.RawValue == String {
        make(
            path, summary, .choice(words), allowed, read: { .text($0[keyPath: place].rawValue) },
            accept: {
                configuration, value in
                guard case .text(let text) = value, let choice = Choice(rawValue: text) else { return false }
                configuration[keyPath: place] = choice
                return true
            })
    }

    /// A key of text without control characters; empty only with `orEmpty`.
    static func text(
        _ path: String, _ place: any Place<String>, _ allowed: String, _ summary: String, orEmpty: Bool = false
    ) -> ConfigurationKey {
        make(
            path, summary, .text, allowed, read: { .text($0[keyPath: place]) },
            accept: { configuration, value in
                guard case .text(let text) = value, orEmpty || !text.isEmpty, text.utf8.count <= 4096,
                    !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
                else { return false }
                configuration[keyPath: place] = text
                return true
            })
    }

    /// A key whose writer returns whether the value is allowed.
    private static func make(
        _ path: String, _ summary: String, _ kind: Kind, _ allowed: String,
        read: @escaping @Sendable (TrainingConfiguration) -> ConfigurationValue,
        accept: @escaping @Sendable (inout TrainingConfiguration, ConfigurationValue) -> Bool
    ) -> ConfigurationKey {
        ConfigurationKey(path: path, summary: summary, kind: kind, allowed: allowed, read: read) {
            configuration, value in
            guard accept(&configuration, value) else {
                let given: String =
                    switch value {
                    case .text(let text): "“\(text)”"
                    default: value.description
                    }
                throw ConfigurationError.invalidValue(path: path, given: given, allowed: allowed, place: nil)
            }
        }
    }
}
