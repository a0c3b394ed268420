import Yams

extension TrainingConfiguration {
    /// The largest size of a recipe in bytes.
    public static let yamlSizeLimit = 1_048_576

    /// Reads a recipe: a map of sections; missing keys keep their defaults.
    ///
    /// Both nested maps and dotted paths (`network.latent: 64`) are read. A player's own optimizer key wins over a
    /// shared one, and any key over the objective's defaults, in any order. Conflicts between keys are checked by ``validated()``.
    ///
    /// - Parameters:
    ///   - yaml: The recipe's text.
    ///   - source: The name of the text in errors, normally the file's path.
    /// - Throws: ``ConfigurationError``.
    public init(yaml: String, source: String) throws {
        self.init()
        try merge(yaml: yaml, source: source)
    }

    /// Sets the keys of a recipe; the others stay unchanged.
    public mutating func merge(yaml: String, source: String) throws {
        guard let root = try Recipe.root(of: yaml, source: source) else {
            throw ConfigurationError.unreadable(place: source, reason: "it is empty; a recipe is a map of keys")
        }
        guard let map = root.mapping else {
            throw ConfigurationError.unreadable(
                place: source, reason: "it is not a map of keys; write lines such as “seed: 1”")
        }
        var recipe = Recipe(source: source)
        try recipe.collect(map, under: "")
        var changed = self
        let ranks = recipe.entries.map(\.key.rank)
        for index in recipe.entries.indices.sorted(by: { (ranks[$0], $0) < (ranks[$1], $1) }) {
            let entry = recipe.entries[index]
            do {
                try entry.key.write(&changed, text: entry.text)
            } catch let error as ConfigurationError {
                throw error.at(recipe.place(entry.line))
            }
        }
        self = changed
    }
}

/// The keys and values of a recipe.
private struct Recipe {
    let source: String
    var entries: [(key: ConfigurationKey, text: String, line: Int?)] = []
    private var lines: [String: Int?] = [:]

    init(source: String) { self.source = source }

    func place(_ line: Int?) -> String { line.map { "\(source), line \($0)" } ?? source }

    /// The root of the one document; `nil` if there is none.
    static func root(of yaml: String, source: String) throws -> Node? {
        guard yaml.utf8.count <= TrainingConfiguration.yamlSizeLimit else {
            throw ConfigurationError.unreadable(
                place: source,
                reason: "it is larger than 1 MB; check that this is the file you meant")
        }
        if let problem = RecipeScan.problem(in: yaml) {
            throw ConfigurationError.unreadable(place: "\(source), line \(problem.line)", reason: problem.reason)
        }
        do {
            let parser = try Parser(yaml: yaml, encoding: .utf8)
            let root = try parser.singleRoot()
            // The parser owns the anchors, which nodes lose without it.
            if let node = withExtendedLifetime(parser, { root.flatMap(anchored) }) {
                throw ConfigurationError.unreadable(
                    place: node.mark.map { "\(source), line \($0.line)" } ?? source, reason: RecipeScan.anchorReason)
            }
            if case .scalar(let scalar)? = root, scalar.string.isEmpty { return nil }
            return root
        } catch let error as YamlError {
            throw unreadable(error, source: source)
        }
    }

    /// The first node that has an anchor. Stops there, so that no node is visited twice.
    private static func anchored(_ node: Node) -> Node? {
        if node.anchor != nil { return node }
        switch node {
        case .mapping(let map):
            for (key, value) in map {
                if let found = anchored(key) ?? anchored(value) { return found }
            }
        case .sequence(let sequence):
            for element in sequence {
                if let found = anchored(element) { return found }
            }
        case .scalar: break
        case .alias: return node
        }
        return nil
    }

    private static func unreadable(_ error: YamlError, source: String) -> ConfigurationError {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let reason = [context?.text, problem].compactMap { $0?.trimmingWhitespace }.joined(separator: ": ")
            return .unreadable(place: "\(source), line \(mark.line)", reason: reason + "; correct the YAML there")
        case .duplicatedKeysInMapping(let duplicates, let context):
            return .unreadable(
                place: "\(source), line \(context.mark.line)",
                reason: "the key “\(duplicates.first ?? "")” is duplicated; keep one")
        case .reader(let problem, _, _, _):
            return .unreadable(place: source, reason: "\(problem); save it as UTF-8 text")
        default:
            return .unreadable(place: source, reason: "it is not valid YAML; correct it")
        }
    }

    /// Collects the entries of a map, and of the maps in it.
    mutating func collect(_ map: Node.Mapping, under prefix: String) throws {
        for (name, value) in map {
            let line = (name.mark ?? value.mark)?.line
            guard let name = name.scalar?.string else {
                throw ConfigurationError.unreadable(
                    place: place(line), reason: "a key is not a word; write “key: value”")
            }
            let path = prefix.isEmpty ? name : "\(prefix).\(name)"
            if case .mapping(let inner) = value, Recipe.isSection(path) {
                try collect(inner, under: path)
            } else {
                try add(path, value, line)
            }
        }
    }

    private mutating func add(_ path: String, _ value: Node, _ line: Int?) throws {
        if Recipe.isSection(path) {
            throw ConfigurationError.invalidValue(
                path: path, given: "a single value",
                allowed: "a map of its own keys: \(TrainingConfiguration.names(in: path).joined(separator: ", "))",
                place: place(line))
        }
        if value.mapping != nil, let section = TrainingConfiguration.nearestSection(to: path) {
            throw ConfigurationError.unknownKey(path: path, nearest: section, place: place(line))
        }
        let key: ConfigurationKey
        do {
            key = try TrainingConfiguration.key(path)
        } catch let error as ConfigurationError {
            throw error.at(place(line))
        }
        if lines.updateValue(line, forKey: path) != nil {
            throw ConfigurationError.unreadable(
                place: place(line), reason: "the key “\(path)” is duplicated; keep one")
        }
        guard case .scalar(let scalar) = value else {
            let given = if case .sequence = value { "a list" } else { "a map" }
            throw key.refusal(of: given).at(place(line))
        }
        if scalar.style == .plain, ["", "~", "null"].contains(scalar.string.lowercased()) {
            throw key.refusal(of: "empty").at(place(line))
        }
        entries.append((key, scalar.string, line))
    }

    private static func isSection(_ path: String) -> Bool { !TrainingConfiguration.names(in: path).isEmpty }
}
