public import Recipes

/// What is known of the settings of another program's training, in this program's terms.
public struct Facts: Sendable, Equatable {
    /// The usual settings, with those that are known in their places.
    public private(set) var configuration = TrainingConfiguration()
    private var paths: Set<String> = []

    /// Nothing is known.
    public init() {}

    /// Reads assignments such as `learningRate=0.02` or `training.batchSize=64`.
    ///
    /// A key is a recipe's path, or its last parts where they are enough (`batchSize`, `latent`, `generator.learningRate`); what each player has of
    /// its own is set for both unless the path names one. `optimizer` is `optimizer.kind`.
    ///
    /// - Throws: ``ConfigurationError`` for a key that there is not, or a value that it does not take.
    public init(_ assignments: [String]) throws {
        let pairs = try assignments.map { assignment in
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = parts.first, !name.isEmpty else {
                throw ConfigurationError.conflict(
                    "“\(assignment)” is not a fact; write key=value, for example learningRate=0.0002.")
            }
            return (path: Facts.path(String(name)), text: String(parts[1]))
        }
        try configuration.set(assignments: pairs.map { "\($0.path)=\($0.text)" })
        for pair in pairs {
            let part = pair.path.split(separator: ".").last.map(String.init) ?? pair.path
            let isShared = TrainingConfiguration.sharedKeys.contains { $0.path == pair.path }
            paths.formUnion(
                isShared ? ["optimizer.generator.\(part)", "optimizer.discriminator.\(part)"] : [pair.path])
        }
    }

    /// The path that a short name means; the name itself if there is none.
    private static func path(_ name: String) -> String {
        if name == "optimizer" { return "optimizer.kind" }
        let all = (TrainingConfiguration.sharedKeys + TrainingConfiguration.keys).map(\.path)
        guard !all.contains(name) else { return name }
        return all.first { $0.hasSuffix("." + name) } ?? name
    }

    /// The objective, if it is known.
    public var objective: Objective? { knows("objective") ? configuration.objective : nil }

    /// Whether the value of a key is known.
    func knows(_ path: String) -> Bool { paths.contains(path) }

    /// With the objective, which a diagnosis always assumes.
    func with(_ objective: Objective) -> Facts {
        var facts = self
        facts.configuration.objective = objective
        facts.paths.insert("objective")
        return facts
    }
}
