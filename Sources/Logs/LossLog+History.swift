public import Diagnosis
import Foundation
public import Runs

extension LossLog {
    /// The log as a diagnosis looks at it, and sentences about what was assumed.
    ///
    /// - Parameters:
    ///   - objective: what the players strive for.
    ///   - configuration: the run's, if it is known in this program's terms.
    public func history(
        _ mapping: ColumnMapping, objective: Objective, configuration: Configuration? = nil
    ) -> (history: History, assumptions: [String]) {
        var series: [SeriesName: [(step: Int, value: Double)]] = [:]
        for (name, column) in mapping.columns { series[name] = columns[column] }
        var assumptions: [String] = []
        // Both columns hold the same kind of number: one that leaves 0 to 1 tells it of the other too.
        let answers = [SeriesName.probabilityReal, .probabilityFake].filter { series[$0] != nil }
        if answers.contains(where: { series[$0]?.contains { $0.value < 0 || $0.value > 1 } == true }) {
            for name in answers {
                series[name] = series[name]?.map { ($0.step, 1 / (1 + exp(-$0.value))) }
            }
            let columns = answers.compactMap { mapping.columns[$0].map { "“\($0)”" } }.joined(separator: " and ")
            assumptions.append("\(columns) leave 0 to 1, so they are taken as logits, not as probabilities.")
        }
        if let both = series[.lossDiscriminator], series[.lossDiscriminatorReal] == nil,
            series[.lossDiscriminatorFake] == nil
        {
            let half = both.map { (step: $0.step, value: $0.value / 2) }
            (series[.lossDiscriminatorReal], series[.lossDiscriminatorFake]) = (half, half)
            assumptions.append(
                "The discriminator's loss “\(mapping.columns[.lossDiscriminator] ?? "")” is taken as the sum of that on reals and that on "
                    + "fakes, half each; patterns that need them apart are seen less well.")
        } else if objective == .nonSaturating || objective == .minimax {
            derive(&series)
        }
        // Logs of a row an epoch have few rows: smaller windows then.
        let rows = series.values.map(\.count).max() ?? 0
        var history = History(
            objective: objective, configuration: configuration,
            windowLength: min(History.stepsPerWindow, max(1, rows / 40)))
        for (name, points) in series {
            for point in points { history.append(name, step: point.step, value: point.value) }
        }
        return (history, assumptions)
    }

    /// Cross-entropies tell the probabilities, up to the difference between a mean and a geometric mean. Where both are worse than
    /// chance, many mistakes and a few that cost much cannot be told apart, and one that is negative is no cross-entropy: nothing is derived then.
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
