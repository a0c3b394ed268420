import Runs

/// The remedies that are known: first against what is most clearly out of the usual, such as a latent space of one number, then against what is
/// common; how often the first one heals is measured (`Documentation/diagnosis.md`).
enum RemedyCatalog {
    /// A remedy, for which patterns it helps, and how it changes a configuration; `nil` where that is done already.
    struct Entry {
        let patterns: Set<Pattern>
        let title: String
        let why: String
        let source: String
        let change: @Sendable (Configuration) -> [String: ConfigurationValue]?
    }

    /// Findings with the remedies against them.
    static func remedied(_ findings: [Finding], _ history: History) -> [Finding] {
        findings.map { finding in
            var finding = finding
            finding.remedies = remedies(for: finding, history.configuration)
            return finding
        }
    }

    /// The remedies against a finding that a configuration does not follow already. Of a training whose configuration is not
    /// known, the most usual ones in words.
    static func remedies(for finding: Finding, _ configuration: Configuration?) -> [Remedy] {
        guard let configuration else {
            return entries.filter { $0.patterns.contains(finding.pattern) }.prefix(4).map {
                Remedy(title: $0.title, change: [:], why: $0.why, source: $0.source)
            }
        }
        return entries.compactMap { entry in
            guard entry.patterns.contains(finding.pattern), let change = entry.change(configuration),
                (try? configuration.applying(change).validated()) != nil
            else { return nil }
            return Remedy(title: entry.title, change: change, why: entry.why, source: entry.source)
        }
    }

    /// Where a remedy stands in the order of what is tried first.
    static func place(of remedy: Remedy) -> Int {
        entries.firstIndex { $0.title == remedy.title } ?? entries.count
    }
}
