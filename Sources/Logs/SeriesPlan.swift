import Diagnostics
import Foundation
import Measurements
import Recipes

/// How the columns of one pair of players become the series that are judged. It is decided on the whole log, and then
/// applies to rows that follow too.
struct SeriesPlan: Sendable {
    typealias Points = [(step: Int, value: Double)]
    typealias Series = [SeriesName: Points]

    /// Whether the discriminator's answers are logits, not probabilities.
    private(set) var areLogits = false
    /// The answers that do not fit the losses.
    private(set) var leftOut: Set<SeriesName> = []
    /// Whether the discriminator's accuracy is the mean of those on reals and fakes.
    private(set) var joinsAccuracies = false
    /// The accuracies in percent.
    private(set) var percentages: Set<SeriesName> = []
    /// Whether the discriminator's total loss is split into equal halves, which are the loss itself if it is a mean.
    private(set) var splitsLoss = false
    private var isMean = false
    /// The probabilities that are derived from cross-entropies.
    private(set) var derived: Set<SeriesName> = []

    /// Whether values of the same step are combined, so that rows must be complete before they count.
    var combinesSteps: Bool { joinsAccuracies || !derived.isEmpty }

    private static let answers: [SeriesName] = [.probabilityReal, .probabilityFake]
    private static let accuracies: [SeriesName] = [.accuracyDiscriminator, .accuracyReal, .accuracyFake]

    // MARK: - Decisions

    /// Decides about the answers and accuracies of the whole log, and applies that.
    init(deciding series: inout Series) {
        areLogits = SeriesPlan.answers.contains { series[$0]?.contains { $0.value < 0 || $0.value > 1 } == true }
        takeLogits(&series)
        if areLogits, SeriesPlan.contradictsLosses(series) {
            leftOut = Set(SeriesPlan.answers)
            for name in leftOut { series[name] = nil }
        }
        joinsAccuracies =
            series[.accuracyReal]?.isEmpty == false && series[.accuracyFake]?.isEmpty == false
            && series[.accuracyDiscriminator] == nil
        joinAccuracies(&series)
        // A share in single precision may slightly exceed 1, so only larger values are percentages.
        percentages = Set(SeriesPlan.accuracies.filter { series[$0]?.contains { $0.value > 1.5 } == true })
        takePercentages(&series)
    }

    /// Decides about the losses of the whole log, once it is known what they are, and applies that.
    mutating func decideLosses(_ series: inout Series, isMean: Bool, areCrossEntropies: Bool) {
        splitsLoss =
            series[.lossDiscriminator] != nil && series[.lossDiscriminatorReal] == nil
            && series[.lossDiscriminatorFake] == nil
        self.isMean = isMean
        splitLoss(&series)
        guard areCrossEntropies else { return }
        let losses: [(SeriesName, SeriesName)] = [
            (.probabilityReal, .lossDiscriminatorReal), (.probabilityFake, .lossDiscriminatorFake),
        ]
        derived = Set(losses.filter { series[$0] == nil && series[$1]?.isEmpty == false }.map(\.0))
        derive(&series)
    }

    /// Whether logits contradict the discriminator's loss: a mean of −log p is at least −log of the mean p, for both
    /// halves. A relativistic discriminator compares real and generated examples, so the level of its answers is
    /// meaningless.
    private static func contradictsLosses(_ series: Series) -> Bool {
        guard let real = series[.probabilityReal], let fake = series[.probabilityFake] else { return false }
        func byStep(_ points: Points) -> [Int: Double] { Dictionary(points.map { ($0.step, $0.value) }) { $1 } }
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
        return compared >= 5 && 2 * contradicted > compared
    }

    // MARK: - Application

    /// Converts values of rows that follow those of the decisions.
    ///
    /// - Returns: `nil` if the values show that a decision was wrong.
    func applied(to rows: Series) -> Series? {
        var series = rows
        let isOutside = SeriesPlan.answers.contains { series[$0]?.contains { $0.value < 0 || $0.value > 1 } == true }
        guard areLogits || !isOutside else { return nil }
        takeLogits(&series)
        for name in leftOut { series[name] = nil }
        joinAccuracies(&series)
        for name in SeriesPlan.accuracies where !percentages.contains(name) {
            guard series[name]?.contains(where: { $0.value > 1.5 }) != true else { return nil }
        }
        takePercentages(&series)
        splitLoss(&series)
        derive(&series)
        return series
    }

    private func takeLogits(_ series: inout Series) {
        guard areLogits else { return }
        for name in SeriesPlan.answers { series[name] = series[name]?.map { ($0.step, 1 / (1 + exp(-$0.value))) } }
    }

    private func joinAccuracies(_ series: inout Series) {
        guard joinsAccuracies else { return }
        let others = Dictionary((series[.accuracyFake] ?? []).map { ($0.step, $0.value) }) { $1 }
        series[.accuracyDiscriminator] = (series[.accuracyReal] ?? []).compactMap { step, value in
            others[step].map { (step, (value + $0) / 2) }
        }
    }

    private func takePercentages(_ series: inout Series) {
        for name in percentages { series[name] = series[name]?.map { ($0.step, $0.value / 100) } }
    }

    private func splitLoss(_ series: inout Series) {
        guard splitsLoss, let whole = series[.lossDiscriminator] else { return }
        let half = whole.map { (step: $0.step, value: isMean ? $0.value : $0.value / 2) }
        (series[.lossDiscriminatorReal], series[.lossDiscriminatorFake]) = (half, half)
    }

    /// Derives probabilities from cross-entropies, up to the difference between a mean and a geometric mean. Nothing is
    /// derived where both losses are worse than chance, because many mistakes and a few costly ones cannot be
    /// distinguished, or where one is negative and therefore not a cross-entropy.
    private func derive(_ series: inout Series) {
        guard !derived.isEmpty else { return }
        let (real, fake) = (series[.lossDiscriminatorReal] ?? [], series[.lossDiscriminatorFake] ?? [])
        func steps(_ losses: Points, in range: some RangeExpression<Double>) -> Set<Int> {
            Set(losses.filter { range.contains($0.value) }.map(\.step))
        }
        let chance = log(2.0)
        let unclear = steps(real, in: chance...).intersection(steps(fake, in: chance...))
            .union(steps(real, in: ..<0)).union(steps(fake, in: ..<0))
        if derived.contains(.probabilityReal) {
            series[.probabilityReal] = real.filter { !unclear.contains($0.step) }.map { ($0.step, exp(-$0.value)) }
        }
        if derived.contains(.probabilityFake) {
            series[.probabilityFake] = fake.filter { !unclear.contains($0.step) }.map { ($0.step, 1 - exp(-$0.value)) }
        }
    }
}
