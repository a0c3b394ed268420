extension TrainingConfiguration: Codable {
    private struct Path: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Decodes a flat object of paths and values; a missing key keeps its default.
    ///
    /// - Throws: ``ConfigurationError`` for a key or a value that is not allowed.
    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: Path.self)
        var changes: [String: ConfigurationValue] = [:]
        for key in container.allKeys {
            changes[key.stringValue] = try container.decode(ConfigurationValue.self, forKey: key)
        }
        self = try applying(changes)
    }

    /// Encodes a flat object of paths and values, such as `{"network.latent": 128}`, with every key.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Path.self)
        for key in TrainingConfiguration.keys {
            try container.encode(key.read(self), forKey: Path(stringValue: key.path))
        }
    }
}
