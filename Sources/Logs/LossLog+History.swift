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

        fileprivate func assuming(_ sentence: String) -> PlayersHistory {
            PlayersHistory(
                part: part, history: history, series: series, assumptions: [sentence] + assumptions, isMean: isMean,
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
        var series: [SeriesName: [(step: Int, value: Double)]] = [:]
        for (name, column) in players?.columns ?? [:] { series[name] = values(column) }
        var assumptions: [String] = []
        if let note = takeLogits(&series, players) {
            assumptions.append(leaveOutOtherAnswers(&series, players) ?? note)
        }
        combineAccuracies(&series)
        let guess = ObjectiveGuess(series, isMeanOfHalves: isMean, byNames: mapping.objectiveByNames)
        if objective == nil, players != nil { assumptions.append(guess.sentence) }
        if let note = splitWhole(&series, players, isMean: guess.isMean) { assumptions.append(note) }
        let chosen = objective ?? guess.objective
        if chosen == .nonSaturating || chosen == .minimax { derive(&series) }
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
            part: players?.part, history: history, series: series, assumptions: assumptions, isMean: guess.isMean,
            mayShareObjective: guess.mayBeShared)
    }

    /// Converts logits to probabilities. Both columns of answers hold the same kind of number, so if one leaves the
    /// range from 0 to 1, both hold logits.
    private func takeLogits(
        _ series: inout [SeriesName: [(step: Int, value: Double)]], _ players: ColumnMapping.Players?
    ) -> String? {
        let answers = [SeriesName.probabilityReal, .probabilityFake].filter { series[$0] != nil }
        guard answers.contains(where: { series[$0]?.contains { $0.value < 0 || $0.value > 1 } == true }) else {
            return nil
        }
        for name in answers { series[name] = series[name]?.map { ($0.step, 1 / (1 + exp(-$0.value))) } }
        return
            "\(LossLog.named(answers, players)) leave the range from 0 to 1, so they are taken as logits, not as probabilities."
    }

    private static func named(_ names: [SeriesName], _ players: ColumnMapping.Players?) -> String {
        names.compactMap { players?.columns[$0].map { "“\($0)”" } }.joined(separator: " and ")
    }

    /// Leaves out logits that the discriminator's loss contradicts: a mean of −log p is at least −log of the mean p,
    /// for both halves. A relativistic discriminator compares real and generated examples, so the level of its answers
    /// is meaningless.
    private func leaveOutOtherAnswers(
        _ series: inout [SeriesName: [(step: Int, value: Double)]], _ players: ColumnMapping.Players?
    ) -> String? {
        let answers: [SeriesName] = [.probabilityReal, .probabilityFake]
        guard let real = series[.probabilityReal], let fake = series[.probabilityFake] else { return nil }
        func byStep(_ points: [(step: Int, value: Double)]) -> [Int: Double] {
            Dictionary(points.map { ($0.step, $0.value) }) { $1 }
        }
        let halves = [SeriesName.lossDiscriminatorReal, .lossDiscriminatorFake].compactMap { series[$0].map(byStep) }
        let losses = series[.lossDiscriminator].map { [byStep($0)] } ?? (halves.count == 2 ? halves : [])
        let fakes = byStep(fake)
        var (compared, contradicted) = (0, 0)
        for (step, probability) in real {
            let parts = losses.compactMap { $0[step] }
            guard let other = fakes[step], !parts.isEmpty, parts.count == losses.count else { continue }
            let least = -log(max(probability, 1e-6)) - log(max(1 - other, 1e-6))
            guard least.isFinite, parts.allSatisfy(\.isFinite) else { continue }
            compared += 1
            // The margin allows for a loss that is the mean of both halves or that belongs to another batch.
            if parts.reduce(0, +) < 0.4 * least - 0.1 { contradicted += 1 }
        }
        guard compared >= 5, 2 * contradicted > compared else { return nil }
        let sentence =
            "As logits, \(LossLog.named(answers, players)) do not fit the discriminator's loss, so they were left out. "
            + "The cause may be a relativistic discriminator, a critic or swapped labels."
        for name in answers { series[name] = nil }
        return sentence
    }

    /// Computes the discriminator's accuracy on all examples as a share, from those on reals and fakes if it is not in
    /// the log.
    private func combineAccuracies(_ series: inout [SeriesName: [(step: Int, value: Double)]]) {
        let (real, fake) = (series[.accuracyReal] ?? [], series[.accuracyFake] ?? [])
        if !real.isEmpty, !fake.isEmpty, series[.accuracyDiscriminator] == nil {
            let others = Dictionary(fake.map { ($0.step, $0.value) }) { $1 }
            series[.accuracyDiscriminator] = real.compactMap { step, value in
                others[step].map { (step, (value + $0) / 2) }
            }
        }
        for name in [SeriesName.accuracyDiscriminator, .accuracyReal, .accuracyFake] {
            // A share in single precision may slightly exceed 1, so only larger values are percentages.
            guard let values = series[name], values.contains(where: { $0.value > 1.5 }) else { continue }
            series[name] = values.map { ($0.step, $0.value / 100) }
        }
    }

    /// Splits the discriminator's total loss evenly into its losses on reals and fakes.
    private func splitWhole(
        _ series: inout [SeriesName: [(step: Int, value: Double)]], _ players: ColumnMapping.Players?, isMean: Bool
    ) -> String? {
        guard let whole = series[.lossDiscriminator], series[.lossDiscriminatorReal] == nil,
            series[.lossDiscriminatorFake] == nil
        else { return nil }
        let half = whole.map { (step: $0.step, value: isMean ? $0.value : $0.value / 2) }
        (series[.lossDiscriminatorReal], series[.lossDiscriminatorFake]) = (half, half)
        return
            "The discriminator's loss “\(players?.columns[.lossDiscriminator] ?? "")” is taken as the \(isMean ? "mean" : "sum") of its losses on "
            + "reals and fakes; patterns that need both separately are detected less reliably."
    }

    /// Derives probabilities from cross-entropies, up to the difference between a mean and a geometric mean. Nothing is
    /// derived where both losses are worse than chance, because many mistakes and a few costly ones cannot be
    /// distinguished, or where one is negative and therefore not a cross-entropy.
    private func derive(_ series: inout [SeriesName: [(step: Int, value: Double)]]) {
        let (real, fake) = (series[.lossDiscriminatorReal] ?? [], series[.lossDiscriminatorFake] ?? [])
        func steps(_ losses: [(step: Int, value: Double)], in range: some RangeExpression<Double>) -> Set<Int> {
            Set(losses.filter { range.contains($0.value) }.map(\.step))
        }
        let chance = log(2.0)
        let unclear = steps(real, in: chance...).intersection(steps(fake, in: chance...))
            .union(steps(real, in: ..<0)).union(steps(fake, in: ..<0))
        if series[.probabilityReal] == nil, !real.isEmpty {
            series[.probabilityReal] = real.filter { !unclear.contains($0.step) }.map { ($0.step, exp(-$0.value)) }
        }
        if series[.probabilityFake] == nil, !fake.isEmpty {
            series[.probabilityFake] = fake.filter { !unclear.contains($0.step) }.map { ($0.step, 1 - exp(-$0.value)) }
        }
    }
}

extension Objective {
    /// Whether losses that fit the objective's bound reveal it with some certainty.
    fileprivate var lossesTell: Bool { self == .nonSaturating || self == .leastSquares }
}
