/// What is wrong with a configuration, where, and how to fix it.
public enum ConfigurationError: Error, Equatable, Sendable {
    /// There is no key with this path. `nearest` is the key that was probably meant.
    case unknownKey(path: String, nearest: String?, place: String?)
    /// A key's value has the wrong type or is out of range.
    case invalidValue(path: String, given: String, allowed: String, place: String?)
    /// Settings that conflict; a whole sentence.
    case conflict(String)
    /// There is no recipe with a name, or its file cannot be used; a whole sentence.
    case unknownRecipe(String)
    /// The text is not a recipe: malformed YAML, not a map, too large.
    case unreadable(place: String, reason: String)
}

extension ConfigurationError: CustomStringConvertible {
    /// One plain sentence.
    public var description: String {
        switch self {
        case .unknownKey(let path, let nearest, let place):
            let section = path.prefix(upTo: path.lastIndex(of: ".") ?? path.startIndex)
            let names = TrainingConfiguration.names(in: String(section)).joined(separator: ", ")
            let advice =
                nearest.map { "did you mean “\($0)”?" }
                ?? (names.isEmpty
                    ? "the sections are \(TrainingConfiguration.sections.joined(separator: ", "))."
                    : "the keys of “\(section)” are \(names).")
            return "There is no key “\(path)”\(Self.at(place)); \(advice)"
        case .invalidValue(let path, let given, let allowed, let place):
            return "The key “\(path)” cannot be \(given)\(Self.at(place)); it takes \(allowed)."
        case .conflict(let sentence), .unknownRecipe(let sentence):
            return sentence
        case .unreadable(let place, let reason):
            return "The configuration \(place) cannot be read: \(reason)."
        }
    }

    private static func at(_ place: String?) -> String { place.map { " (\($0))" } ?? "" }

    /// The same error with its place.
    package func at(_ place: String?) -> ConfigurationError {
        switch self {
        case .unknownKey(let path, let nearest, nil): .unknownKey(path: path, nearest: nearest, place: place)
        case .invalidValue(let path, let given, let allowed, nil):
            .invalidValue(path: path, given: given, allowed: allowed, place: place)
        default: self
        }
    }
}
