import Recipes

extension Diagnosis {
    /// Judges a run with one or several pairs of players.
    ///
    /// - Parameter pairs: the letter or digit of each pair, and its history; at least one pair.
    public init(ofPairs pairs: [(part: String?, history: History)], state: State = .ended) {
        guard pairs.count > 1 else {
            self.init(pairs.first?.history ?? History(objective: .nonSaturating), state: state)
            return
        }
        self.init(
            players: pairs.enumerated().map { number, pair in
                (pair.part ?? String(number + 1), Diagnosis(pair.history, state: state))
            })
    }

    /// Combines the diagnoses of a run with several pairs of players, such as a CycleGAN's, each judged separately.
    ///
    /// The run has failed if all pairs have failed. If only some have, the others still learn, and the verdict is a
    /// warning.
    ///
    /// - Parameter players: the letter or digit of each pair, and its diagnosis; at least one pair.
    public init(players: [(part: String, diagnosis: Diagnosis)]) {
        let areAllFailing = players.allSatisfy { $0.diagnosis.verdict == .failed }
        let verdicts = players.map(\.diagnosis.verdict)
        var notes: [String] = []
        if verdicts.contains(.failed), !areAllFailing {
            let failed = players.filter { $0.diagnosis.verdict == .failed }.map(\.part).joined(separator: ", ")
            notes.append("Only some of the \(players.count) pairs of players failed (\(failed)), so this is a warning.")
        }
        let verdict: Verdict =
            areAllFailing
            ? .failed
            : verdicts.contains { $0 == .failed || $0 == .warning }
                ? .warning : verdicts.contains(.undecided) ? .undecided : .healthy
        func joined(_ words: (Diagnosis) -> String) -> String {
            let all = players.map { words($0.diagnosis) }
            guard Set(all).count > 1 else { return all[0] }
            return zip(players, all).map { player, words in
                let parts = words.split(separator: ":", maxSplits: 1).map { $0.drop { $0 == " " } }
                return "\(player.part) \(parts[0])" + (parts.count == 2 ? " (\(parts[1]))" : "")
            }.joined(separator: ", ")
        }
        func lines(_ lines: (Diagnosis) -> [String]) -> [String] {
            var seen: Set<String> = []
            let shared = Set(
                players.dropFirst().reduce(Set(lines(players[0].diagnosis))) { $0.intersection(lines($1.diagnosis)) })
            return players.flatMap { part, diagnosis in
                lines(diagnosis).compactMap { line in
                    shared.contains(line) ? (seen.insert(line).inserted ? line : nil) : "\(part): \(line)"
                }
            }
        }
        let findings = players.flatMap { part, diagnosis in
            diagnosis.findings.map { finding in
                var finding = finding
                finding.summary = "\(part): \(finding.summary)"
                if !areAllFailing { finding.severity = min(finding.severity, Thresholds.highestWarning) }
                return finding
            }
        }
        self.init(
            verdict: verdict,
            judged: Scope(
                losses: joined(\.judged.losses), modeCollapse: joined(\.judged.modeCollapse),
                quality: joined(\.judged.quality)),
            findings: findings.sorted { $0.severity > $1.severity }, notes: notes + lines(\.notes),
            unseen: lines(\.unseen))
    }
}
