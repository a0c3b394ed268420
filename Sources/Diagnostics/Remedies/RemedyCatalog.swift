import Recipes

/// The known remedies, and the choice of those that fit a run.
///
/// Remedies for settings that are clearly unusual, such as a latent space of one number, come first; then those that
/// fit the evidence; then common ones. How often the first one works is measured (`Documentation/diagnosis.md`).
enum RemedyCatalog {
    /// A remedy, the patterns that it helps against, and its change to a configuration, which is `nil` if the
    /// configuration already has it.
    struct Entry: Sendable {
        let patterns: Set<Pattern>
        let title: String
        let why: String
        let source: String
        /// Whether the remedy corrects an unusual setting.
        let isUnusual: Bool
        let effect: Effect
        /// The settings on which the change depends, for runs where they are unknown.
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

    /// The effect of a remedy on the balance between the players.
    enum Effect: Sendable { case neutral, calmsDiscriminator, strengthensDiscriminator }

    /// The keys on which a remedy depends, and its title if their values are unknown.
    struct Condition: Sendable {
        let paths: [String]
        let title: String

        init(_ paths: [String], _ title: String) {
            self.paths = paths
            self.title = title
        }
    }

    /// Adds the remedies to the findings.
    static func remedied(_ findings: [Finding], _ history: History) -> [Finding] {
        let balance = Balance(history, findings)
        return findings.map { finding in
            var finding = finding
            finding.remedies = remedies(for: finding, history, balance)
            return finding
        }
    }

    /// The remedies for a finding that the run does not already follow and that do not favor the player that is ahead,
    /// most promising first.
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

    /// The maximum number of remedies for a finding if the run's configuration is unknown.
    private static let mostForUnknown = 10

    private static func rank(_ entry: Entry, _ balance: Balance, isCertain: Bool) -> Int {
        if entry.isUnusual, isCertain { return 0 }
        if balance.calls(for: entry.effect) { return 1 }
        return entry.isUnusual ? 2 : 3
    }

    /// The remedy that an entry gives for a run, and whether all settings on which it depends are known; `nil` if the
    /// run already follows it.
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
                // The configuration does not describe these networks; the program that defines them has to change them.
                return (remedy(entry.condition?.title ?? entry.title, [:]), false)
            }
            return (remedy(entry.title, change), true)
        }
        guard let condition = entry.condition else { return (remedy(entry.title, [:]), true) }
        let facts = history.context.isObjectiveKnown ? history.facts.with(history.objective) : history.facts
        guard condition.paths.allSatisfy(facts.knows) else { return (remedy(condition.title, [:]), false) }
        guard let change = entry.change(facts.configuration) else { return nil }
        // State a change only if the settings on which it depends were given.
        return (remedy(entry.title, condition.paths.allSatisfy(history.facts.knows) ? change : [:]), true)
    }

    /// The position of a remedy in the catalog.
    static func place(of remedy: Remedy) -> Int {
        entries.firstIndex { $0.title == remedy.title || $0.condition?.title == remedy.title } ?? entries.count
    }

    /// Patterns of a discriminator that is too far ahead of the generator.
    static let imbalance: Set<Pattern> = [
        .discriminatorWins, .generatorLossRises, .lossesVanish, .bothPlayersWin, .vanishingGradients,
    ]
}
