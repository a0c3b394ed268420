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
        if let both = series[.lossDiscriminator], series[.lossDiscriminatorReal] == nil,
            series[.lossDiscriminatorFake] == nil
        {
            let half = both.map { (step: $0.step, value: $0.value / 2) }
            (series[.lossDiscriminatorReal], series[.lossDiscriminatorFake]) = (half, half)
            assumptions.append(
                "The discriminator's loss “\(mapping.columns[.lossDiscriminator] ?? "")” is taken as the sum of that on reals and that on "
                    + "fakes, half each; patterns that need them apart are seen less well.")
        } else if objective == .nonSaturating || objective == .minimax {
            // Cross-entropies tell the probabilities, up to the difference between a mean and a geometric mean.
            if series[.probabilityReal] == nil, let loss = series[.lossDiscriminatorReal] {
                series[.probabilityReal] = loss.map { ($0.step, exp(-$0.value)) }
            }
            if series[.probabilityFake] == nil, let loss = series[.lossDiscriminatorFake] {
                series[.probabilityFake] = loss.map { ($0.step, 1 - exp(-$0.value)) }
            }
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
}
