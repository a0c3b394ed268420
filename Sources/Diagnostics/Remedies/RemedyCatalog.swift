import Recipes

/// The remedies that are known, and which of them fit a training.
///
/// What is most clearly out of the usual in a configuration, such as a latent space of one number, comes first; then what fits the
/// evidence; then what is common. How often the first one heals is measured (`Documentation/diagnosis.md`).
enum RemedyCatalog {
    /// A remedy, for which patterns it helps, and how it changes a configuration; `nil` where that is done already.
    struct Entry: Sendable {
        let patterns: Set<Pattern>
        let title: String
        let why: String
        let source: String
        /// Whether it mends a setting that is out of the usual.
        let isUnusual: Bool
        let effect: Effect
        /// What the change depends on, for trainings of which it is not known.
        let condition: Condition?
        let change: @Sendable (TrainingConfiguration) -> [String: ConfigurationValue]?

        init(
            patterns: Set<Pattern>, title: String, why: String, source: String, isUnusual: Bool = false,
            effect: Effect = .neutral, condition: Condition? = nil,
            change: @escaping @Sendable (TrainingConfiguration) -> [String: ConfigurationValue]?
        ) {
            self.patterns = patterns
            self.title = title
            self.why = why
            self.source = source
            self.isUnusual = isUnusual
            self.effect = effect
            self.condition = condition
            self.change = change
        }
    }

    /// What a remedy does to the balance of the two players.
    enum Effect: Sendable { case neutral, calmsDiscriminator, strengthensDiscriminator }

    /// The keys that a remedy depends on, and its title where their values are not known.
    struct Condition: Sendable {
        let paths: [String]
        let title: String

        init(_ paths: [String], _ title: String) {
            self.paths = paths
            self.title = title
        }
    }

    /// Findings with the remedies against them.
    static func remedied(_ findings: [Finding], _ history: History) -> [Finding] {
        let balance = Balance(history, findings)
        return findings.map { finding in
            var finding = finding
            finding.remedies = remedies(for: finding, history, balance)
            return finding
        }
    }

    /// The remedies against a finding that a training does not follow already and that do not push its game the way that it leans
    /// anyway, most promising first.
    private static func remedies(for finding: Finding, _ history: History, _ balance: Balance) -> [Remedy] {
        let fitting = entries.enumerated().compactMap { place, entry -> (remedy: Remedy, rank: Int, place: Int)? in
            guard balance.allows(entry.effect), balance.applies(entry, to: finding),
                let remedy = remedy(entry, history)
            else { return nil }
            return (remedy.remedy, rank(entry, balance, isCertain: remedy.isCertain), place)
        }
        let sorted = fitting.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.remedy)
        return Array(history.configuration == nil ? sorted.prefix(mostForUnknown) : sorted[...])
    }

    /// How many remedies a finding gets in a training whose configuration is not known.
    private static let mostForUnknown = 10

    private static func rank(_ entry: Entry, _ balance: Balance, isCertain: Bool) -> Int {
        if entry.isUnusual, isCertain { return 0 }
        if balance.calls(for: entry.effect) { return 1 }
        return entry.isUnusual ? 2 : 3
    }

    /// An entry as a remedy for a training, and whether all that it depends on is known; `nil` if it is followed already.
    private static func remedy(_ entry: Entry, _ history: History) -> (remedy: Remedy, isCertain: Bool)? {
        func remedy(_ title: String, _ change: [String: ConfigurationValue]) -> Remedy {
            Remedy(title: title, change: change, why: entry.why, source: entry.source)
        }
        if let configuration = history.configuration {
            guard let change = entry.change(configuration),
                (try? configuration.applying(change).validated()) != nil
            else { return nil }
            if configuration.network.architecture == .custom, change.keys.contains(where: { $0.hasPrefix("network.") })
            {
                // The configuration does not describe these networks: their program has to change them.
                return (remedy(entry.condition?.title ?? entry.title, [:]), false)
            }
            return (remedy(entry.title, change), true)
        }
        guard let condition = entry.condition else { return (remedy(entry.title, [:]), true) }
        let facts = history.context.isObjectiveKnown ? history.facts.with(history.objective) : history.facts
        guard condition.paths.allSatisfy(facts.knows) else { return (remedy(condition.title, [:]), false) }
        guard let change = entry.change(facts.configuration) else { return nil }
        // Only what was given can be said to change.
        return (remedy(entry.title, condition.paths.allSatisfy(history.facts.knows) ? change : [:]), true)
    }

    /// Where a remedy stands in the catalog.
    static func place(of remedy: Remedy) -> Int {
        entries.firstIndex { $0.title == remedy.title || $0.condition?.title == remedy.title } ?? entries.count
    }

    /// Patterns of a discriminator that is too far ahead of the generator.
    static let imbalance: Set<Pattern> = [
        .discriminatorWins, .generatorLossRises, .lossesVanish, .bothPlayersWin, .vanishingGradients,
    ]
}
