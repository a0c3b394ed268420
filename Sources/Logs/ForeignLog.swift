public import Diagnostics
public import Foundation
public import Measurements
public import Recipes

/// The log of another program's run, read and interpreted: the input of `diagnose --losses`.
public struct ForeignLog {
    public internal(set) var log: LossLog
    public internal(set) var players: [LossLog.PlayersHistory]

    /// Identifies the interpretation: rows that go on like those before them do not change it.
    public let interpretation = UUID()

    /// - Parameters:
    ///   - paths: files or folders.
    ///   - columns: assignments such as `loss_generator=G_loss`.
    ///   - objective: the training objective; `nil` to infer it from the losses.
    ///   - facts: the known settings of the run.
    public init(_ paths: [String], columns: [String], objective: Objective?, facts: Facts) throws {
        self.init(
            try LossLog(contentsOf: paths.map { URL(fileURLWithPath: $0) }, assignments: columns), objective: objective,
            facts: facts)
    }

    /// Interprets a log that was read already.
    public init(_ log: LossLog, objective: Objective?, facts: Facts) {
        self.log = log
        players = log.histories(objective: objective)
        for index in players.indices { players[index].history.facts = facts }
    }

    /// The step of the newest value.
    public var lastStep: Int { players.map(\.history.lastStep).max() ?? 0 }

    /// Adds the scores of samples to every pair of players, because samples belong to the run as a whole.
    public mutating func add(_ values: [(series: SeriesName, value: Double)], arePoints: Bool) {
        let step = lastStep
        for index in players.indices {
            players[index].history.context.arePoints = arePoints
            players[index].history.evaluationsNeeded = 1
            for (series, value) in values { players[index].append(series, step: step, value: value) }
        }
    }

    /// Adds the samples' distribution over the data's classes.
    public mutating func add(_ classes: (Int) -> ClassRecord?) {
        for index in players.indices { players[index].history.classes = classes(lastStep) }
    }

    /// The diagnosis of all pairs of players together.
    public func diagnosis(_ state: Diagnosis.State = .ended) -> Diagnosis {
        Diagnosis(ofPairs: players.map { ($0.part, $0.history) }, state: state)
    }

    /// What was read, in one or two lines.
    public var summary: String {
        let rows = "\(log.rowCount) \(log.rowCount == 1 ? "row" : "rows")"
        let last = log.unit == "row" ? rows : "\(rows), up to \(log.unit) \(lastStep)"
        let columns = log.mapping.players.map { players in
            // Only Equipoise's own logs have columns of layers, and these are too many to list.
            let columns = players.columns.filter { $0.key.ofLayer == nil }.sorted { $0.key.rawValue < $1.key.rawValue }
                .map {
                    "\($0.key) = “\($0.value)”"
                }
            return (players.part.map { "players \($0): " } ?? "") + columns.joined(separator: ", ")
        }
        let scores = log.mapping.scores.map { "\($0.key.words) = “\($0.value)”" }.sorted()
        let taken = columns + (scores.isEmpty ? [] : ["scores: " + scores.joined(separator: ", ")])
        return "\(log.source): \(last)\n" + taken.joined(separator: "\n")
    }

    /// Notes on how the log was interpreted and what was assumed.
    public var assumptions: [String] {
        var seen: Set<String> = []
        return (log.notes + players.flatMap(\.assumptions)).filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    /// What was read, for JSON.
    public struct Contents: Encodable {
        public struct Players: Encodable {
            public let part: String?
            public let columns: [String: String]
            public let objective: String?
        }

        public let source: String
        public let rows: Int
        public let unit: String
        public let lastStep: Int
        public let players: [Players]
        public let scores: [String: String]
        public let notes: [String]

        private enum CodingKeys: String, CodingKey {
            case source, rows, unit, players, scores, notes
            case lastStep = "last_step"
        }
    }

    public var contents: Contents {
        Contents(
            source: log.source, rows: log.rowCount, unit: log.unit, lastStep: lastStep,
            players: zip(log.mapping.players, players).map { mapped, judged in
                Contents.Players(
                    part: mapped.part,
                    columns: Dictionary(uniqueKeysWithValues: mapped.columns.map { ($0.key.rawValue, $0.value) }),
                    objective: judged.history.context.isObjectiveKnown ? judged.history.objective.rawValue : nil)
            },
            scores: Dictionary(uniqueKeysWithValues: log.mapping.scores.map { ($0.key.rawValue, $0.value) }),
            notes: assumptions)
    }
}
