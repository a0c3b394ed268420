extension TrainingConfiguration {
    /// The key that a misspelled path probably means; `nil` if none is similar.
    ///
    /// A key is similar if a few edits turn the path or its last component into the key's, or if the key's last component contains the
    /// path's. Case, `_` and `-` are ignored.
    static func nearestPath(to path: String) -> String? {
        let wanted = normalized(path)
        let wantedName = lastComponent(wanted)
        if let meant = synonyms[wantedName] { return meant }
        var best: (score: (Int, Int, Int), path: String)?
        for key in sharedKeys + keys {
            let candidate = normalized(key.path)
            let whole = editDistance(wanted, candidate)
            let name = editDistance(wantedName, lastComponent(candidate))
            let score = (min(whole, name), whole, candidate.count)
            if best.map({ score < $0.score }) ?? true { best = (score, key.path) }
        }
        if let best, best.score.0 <= max(1, wantedName.count / 3) { return best.path }
        // “average” for “exponentialMovingAverage”.
        guard wantedName.count >= 4 else { return nil }
        return (sharedKeys + keys).map(\.path).filter { lastComponent(normalized($0)).contains(wantedName) }
            .min { ($0.count, $0) < ($1.count, $1) }
    }

    /// The section that a misspelled one probably means; `nil` if none is similar.
    static func nearestSection(to section: String) -> String? { nearest(to: section, among: sections) }

    /// The name among some that a misspelled one probably means; `nil` if none is similar.
    public static func nearest(to name: String, among names: [String]) -> String? {
        names.map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
            .filter { $0.distance <= max(1, name.count / 3) }.min { $0.distance < $1.distance }?.name
    }

    /// Other frameworks' names.
    private static let synonyms = [
        "lr": "optimizer.learningRate", "nz": "network.latent", "zdim": "network.latent", "latentdim": "network.latent",
        "latentsize": "network.latent", "batch": "training.batchSize", "bs": "training.batchSize",
        "dataset": "data.source", "ncritic": "training.discriminatorSteps", "loss": "objective",
        "conditional": "network.classes", "ema": "training.exponentialMovingAverage",
        "average": "training.exponentialMovingAverage",
    ]

    private static func normalized(_ path: String) -> String { path.lowercased().filter { $0 != "_" && $0 != "-" } }

    private static func lastComponent(_ path: String) -> String {
        path.lastIndex(of: ".").map { String(path[path.index(after: $0)...]) } ?? path
    }
}

/// The number of insertions, deletions and substitutions that turn one text into the other (Levenshtein, 1966).
///
/// Only the first 64 characters count, which bounds the cost for untrusted text.
package func editDistance(_ first: String, _ second: String) -> Int {
    let (rows, columns) = (Array(first.prefix(64)), Array(second.prefix(64)))
    var previous = Array(0...columns.count)
    for (row, character) in rows.enumerated() {
        var current = [row + 1]
        for (column, other) in columns.enumerated() {
            let replaced = previous[column] + (character == other ? 0 : 1)
            current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[columns.count]
}
