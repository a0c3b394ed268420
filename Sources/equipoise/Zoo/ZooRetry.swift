/// A run of the zoo that was called failed, and the same with the first remedy of its diagnosis.
struct ZooRetry: Encodable {
    let remedy: String
    let before, after: ZooOutcome

    /// Whether the diagnosis is content now.
    var isHealed: Bool { !after.isCalled }
    /// Whether the truth is.
    var isTrulyHealed: Bool { !after.isFailed }
}

/// How often first remedies help, by recipe.
enum ZooRetries {
    static func lines(_ retries: [ZooRetry]) -> [String] {
        guard !retries.isEmpty else { return [] }
        let names = retries.map(\.before.recipe).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let rows = names.map { name in
            let own = retries.filter { $0.before.recipe == name }
            let titles = Set(own.map(\.remedy)).sorted().map { title in "\(title) (\(own.count { $0.remedy == title }))"
            }
            return [
                name, String(own.count), String(own.count(where: \.isHealed)),
                String(own.count(where: \.isTrulyHealed)),
                titles.joined(separator: ", "),
            ]
        }
        let header = ["recipe", "failed", "then said to be sound", "then truly sound", "first remedy (how often)"]
        let all =
            "\(retries.count(where: \.isHealed)) of \(retries.count) are said to be sound with the first remedy, "
            + "\(retries.count(where: \.isTrulyHealed)) are."
        return [""] + TextTable(header: header, rows: rows).lines + ["", all]
    }
}
