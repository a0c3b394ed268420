public import Diagnostics
import Foundation
public import Measurements
public import Recipes

extension LossLog {
    /// The input of a diagnosis for one generator and its discriminator.
    public struct PlayersHistory: Sendable {
        /// The letter or digit that distinguishes these players from others; `nil` if there are no others.
        public let part: String?
        public var history: History
        /// The values of which the history is made, in step order.
        public private(set) var series: [SeriesName: [(step: Int, value: Double)]]
        /// How the columns became the series.
        let plan: SeriesPlan
        /// Notes on what was assumed.
        public let assumptions: [String]
        /// Whether the discriminator's total loss was taken as the mean of its losses on reals and fakes.
        let isMean: Bool
        /// Whether these players probably have the same objective as other players in the log.
        let mayShareObjective: Bool

        mutating func append(_ name: SeriesName, step: Int, value: Double) {
            series[name, default: []].append((step, value))
            history.append(name, step: step, value: value)
        }

        mutating func append(_ name: SeriesName, _ points: SeriesPlan.Points) {
            series[name, default: []] += points
            history.append(name, points)
        }

        fileprivate func assuming(_ sentence: String) -> PlayersHistory {
            PlayersHistory(
                part: part, history: history, series: series, plan: plan, assumptions: [sentence] + assumptions,
                isMean: isMean,
                mayShareObjective: false)
        }
    }

    /// Converts the log into one history for each pair of players.
    ///
    /// - Parameters:
    ///   - objective: the training objective; `nil` to infer it from the numbers.
    ///   - configuration: the run's configuration, if it is known in Equipoise's terms.
    public func histories(objective: Objective?, configuration: TrainingConfiguration? = nil) -> [PlayersHistory] {
        let players = mapping.players.isEmpty ? [nil] : mapping.players.map { Optional($0) }
        let all = histories(of: players, objective, configuration)
        guard objective == nil else { return all }
        // A program gives all its players the same objective, but the losses of only some of them may reveal it.
        let known = all.filter(\.history.context.isObjectiveKnown)
        guard let shared = known.first?.history.objective, shared.lossesTell, known.count < all.count,
            known.allSatisfy({ $0.history.objective == shared })
        else { return all }
        return zip(all, histories(of: players, shared, configuration)).map { own, other in
            own.mayShareObjective
                ? other.assuming(
                    "Judged with the objective that the other players' losses reveal; use --objective to override it.")
                : own
        }
    }

    private func histories(
        of players: [ColumnMapping.Players?], _ objective: Objective?, _ configuration: TrainingConfiguration?
    ) -> [PlayersHistory] {
        let all = players.map { history(of: $0, objective, configuration, isMean: $0?.isMeanOfHalves) }
        // A program computes the losses of all its players in the same way, but the level of only some of them may
        // reveal it.
        guard all.contains(where: \.isMean), all.contains(where: { !$0.isMean }) else { return all }
        return players.map { pair in
            // If losses on reals and fakes are logged separately, nothing needs to be inferred.
            let isWhole = pair?.columns[.lossDiscriminator] != nil
            return history(of: pair, objective, configuration, isMean: pair?.isMeanOfHalves ?? (isWhole ? true : nil))
        }
    }

    private func history(
        of players: ColumnMapping.Players?, _ objective: Objective?, _ configuration: TrainingConfiguration?,
        isMean: Bool?
    ) -> PlayersHistory {
        var series: SeriesPlan.Series = [:]
        for (name, column) in players?.columns ?? [:] { series[name] = values(column) }
        let answers = [SeriesName.probabilityReal, .probabilityFake].filter { series[$0] != nil }
        var plan = SeriesPlan(deciding: &series)
        var assumptions: [String] = []
        if plan.areLogits { assumptions.append(LossLog.note(on: answers, players, plan)) }
        let guess = ObjectiveGuess(series, isMeanOfHalves: isMean, byNames: mapping.objectiveByNames)
        if objective == nil, players != nil { assumptions.append(guess.sentence) }
        let chosen = objective ?? guess.objective
        plan.decideLosses(
            &series, isMean: guess.isMean, areCrossEntropies: chosen == .nonSaturating || chosen == .minimax)
        if plan.splitsLoss {
            assumptions.append(
                "The discriminator's loss “\(players?.columns[.lossDiscriminator] ?? "")” is taken as the \(guess.isMean ? "mean" : "sum") of its losses on "
                    + "reals and fakes; patterns that need both separately are detected less reliably.")
        }
        // Logs with one row per epoch have few rows, so use smaller windows.
        let rows = series.filter { !SeriesName.perEvaluation.contains($0.key) }.values.map(\.count).max() ?? 0
        var history = History(
            objective: chosen ?? .nonSaturating, configuration: configuration,
            windowLength: mapping.isOwn ? History.stepsPerWindow : min(History.stepsPerWindow, max(1, rows / 40)))
        history.context = History.Context(
            unit: unit, isObjectiveKnown: chosen != nil || players == nil, hasTargets: mapping.hasTargets,
            isForeign: !mapping.isOwn, countsUpdates: axis.countsUpdates)
        // With few windows, fewer must agree.
        if !mapping.isOwn {
            let windows = rows / history.windowLength
            history.windowsNeeded = min(history.windowsNeeded, max(3, windows / 3))
        }
        for (score, column) in mapping.scores {
            let points = values(column)
            let possible = points.filter { score.admits($0.value) }
            series[score.series] = possible
            if possible.count < points.count {
                assumptions.append(
                    "\(points.count - possible.count) of \(points.count) values of “\(column)” are impossible for "
                        + "\(score.words) and were left out."
                )
            }
        }
        for (name, points) in series { history.append(name, points) }
        return PlayersHistory(
            part: players?.part, history: history, series: series, plan: plan, assumptions: assumptions,
            isMean: guess.isMean,
            mayShareObjective: guess.mayBeShared)
    }

    /// Both columns of answers hold the same kind of number, so if one leaves the range from 0 to 1, both hold logits.
    private static func note(on answers: [SeriesName], _ players: ColumnMapping.Players?, _ plan: SeriesPlan) -> String
    {
        let names = answers.compactMap { players?.columns[$0].map { "“\($0)”" } }.joined(separator: " and ")
        guard !plan.leftOut.isEmpty else {
            return "\(names) leave the range from 0 to 1, so they are taken as logits, not as probabilities."
        }
        return "As logits, \(names) do not fit the discriminator's loss, so they were left out. "
            + "The cause may be a relativistic discriminator, a critic or swapped labels."
    }
}

extension Objective {
    /// Whether losses that fit the objective's bound reveal it with some certainty.
    fileprivate var lossesTell: Bool { self == .nonSaturating || self == .leastSquares }
}
