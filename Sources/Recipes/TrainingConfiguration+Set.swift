extension TrainingConfiguration {
    /// The key with a path, of one player or shared.
    ///
    /// - Throws: ``ConfigurationError/unknownKey(path:nearest:place:)`` with the key that was probably meant.
    public static func key(_ path: String) throws -> ConfigurationKey {
        guard let key = keysByPath[formerPaths[path] ?? path] else {
            throw ConfigurationError.unknownKey(path: path, nearest: nearestPath(to: path), place: nil)
        }
        return key
    }

    /// Former names of keys, which recipes and saved runs may still have.
    private static let formerPaths = ["training.generatorAverage": "training.exponentialMovingAverage"]

    private static let keysByPath = Dictionary(
        (keys + sharedKeys).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })

    /// The value of a key; of a shared key, the generator's value.
    public func value(of path: String) throws -> ConfigurationValue { try TrainingConfiguration.key(path).read(self) }

    /// Sets a key to a value given as text, as `--set path=value` does.
    ///
    /// - Throws: ``ConfigurationError`` if there is no such key or the value is not allowed; the configuration then stays unchanged.
    public mutating func set(_ path: String, to text: String) throws {
        var changed = self
        try TrainingConfiguration.key(path).write(&changed, text: text)
        self = changed
    }

    /// Sets a key to a value.
    ///
    /// - Throws: ``ConfigurationError`` if there is no such key or the value is not allowed; the configuration then stays unchanged.
    public mutating func set(_ path: String, to value: ConfigurationValue) throws {
        var changed = self
        try TrainingConfiguration.key(path).write(&changed, value)
        self = changed
    }

    /// Sets the keys of assignments such as `network.latent=64`; more specific keys win, then later ones.
    public mutating func set(assignments: [String]) throws {
        let pairs = try assignments.map { assignment in
            guard let mark = assignment.firstIndex(of: "=") else {
                if assignment.contains(".") {
                    let key = try TrainingConfiguration.key(assignment.trimmingWhitespace)
                    throw ConfigurationError.conflict("The key “\(key.path)” needs a value: \(key.allowed).")
                }
                throw ConfigurationError.conflict(
                    "“\(assignment)” is not an assignment; write path=value, for example network.latent=64.")
            }
            let key = try TrainingConfiguration.key(String(assignment[..<mark]).trimmingWhitespace)
            return (key: key, text: String(assignment[assignment.index(after: mark)...]))
        }
        var changed = self
        for index in pairs.indices.sorted(by: { (pairs[$0].key.rank, $0) < (pairs[$1].key.rank, $1) }) {
            try pairs[index].key.write(&changed, text: pairs[index].text)
        }
        self = changed
    }

    /// This configuration with several keys changed; more specific keys win.
    public func applying(_ changes: [String: ConfigurationValue]) throws -> TrainingConfiguration {
        var changed = self
        let keys = try changes.keys.map(TrainingConfiguration.key).sorted { ($0.rank, $0.path) < ($1.rank, $1.path) }
        for key in keys {
            if let value = changes[key.path] { try changed.set(key.path, to: value) }
        }
        return changed
    }

    /// The keys whose values differ, in the order of the table.
    public func differences(from other: TrainingConfiguration) -> [ConfigurationDifference] {
        TrainingConfiguration.keys.compactMap { key in
            let (ours, theirs) = (key.read(self), key.read(other))
            return ours == theirs ? nil : ConfigurationDifference(path: key.path, ours: ours, theirs: theirs)
        }
    }
}

/// A key whose value differs between two configurations.
public struct ConfigurationDifference: Hashable, Sendable, Codable {
    /// The key's path.
    public var path: String
    /// The value in this configuration.
    public var ours: ConfigurationValue
    /// The value in the other configuration.
    public var theirs: ConfigurationValue

    /// A difference at a path.
    public init(path: String, ours: ConfigurationValue, theirs: ConfigurationValue) {
        self.path = path
        self.ours = ours
        self.theirs = theirs
    }
}
