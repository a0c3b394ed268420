public import Recipes

/// The known settings of another program's run, in Equipoise's terms.
public struct Facts: Sendable, Equatable {
    /// The default settings, with the known ones in place.
    public private(set) var configuration = TrainingConfiguration()
    private var paths: Set<String> = []

    /// Creates facts without any known setting.
    public init() {}

    /// Reads assignments such as `learningRate=0.02` or `training.batchSize=64`.
    ///
    /// A key is a path in a recipe, or its last parts if they are enough (`batchSize`, `latent`,
    /// `generator.learningRate`). A setting that each player has is set for both players unless the path names one.
    /// `optimizer` means `optimizer.kind`.
    ///
    /// - Throws: ``ConfigurationError`` for an unknown key or an invalid value.
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

    /// The full path of a short name; the name itself if there is none.
    private static func path(_ name: String) -> String {
        if name == "optimizer" { return "optimizer.kind" }
        let all = (TrainingConfiguration.sharedKeys + TrainingConfiguration.keys).map(\.path)
        guard !all.contains(name) else { return name }
        return all.first { $0.hasSuffix("." + name) } ?? name
    }

    /// The known settings as assignments with full paths, from which ``init(_:)`` restores the facts.
    public var assignments: [String] {
        paths.sorted().compactMap { path in
            (try? configuration.value(of: path)).map { "\(path)=\($0.description)" }
        }
    }

    /// The objective, if it is known.
    public var objective: Objective? { knows("objective") ? configuration.objective : nil }

    /// Whether the value of a key is known.
    func knows(_ path: String) -> Bool { paths.contains(path) }

    /// A copy with the objective, which a diagnosis always assumes.
    func with(_ objective: Objective) -> Facts {
        var facts = self
        facts.configuration.objective = objective
        facts.paths.insert("objective")
        return facts
    }
}
