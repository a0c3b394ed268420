import Measurements

/// Most units of a layer are 0 for every example (a dead ReLU), or negative for every example (a LeakyReLU that is
/// purely linear).
///
/// Source: SageMaker Debugger, DeadRelu (half of a layer); AutoTrainer (arXiv 2106.01012 and ICSE 2021), dying ReLU (70
/// % of gradients zero). Healthy ReLU layers have up to 0.38 here, healthy LeakyReLU layers up to 0.3 (measured,
/// `Documentation/diagnosis.md`).
struct DeadUnits: LayerRule {
    let pattern = Pattern.deadUnits

    func finding(in history: History) -> Finding? {
        let dead = streaks(history, .deadUnits, over: Thresholds.deadUnits)
        let negative = streaks(history, .negativeUnits, over: Thresholds.negativeUnits)
        guard let worst = dead.first ?? negative.first else { return nil }
        let isDead = !dead.isEmpty
        let all = dead + negative
        let what =
            isDead
            ? "are dead: \(words(worst.typical * 100)) % of the units of \(worst.signal.layer) are 0 for every example, so their weights get no gradient"
            : "are one-sided: \(words(worst.typical * 100)) % of the units of \(worst.signal.layer) are negative for "
                + "every example, so its LeakyReLU is purely linear"
        let others = Array(all.dropFirst())
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: Thresholds.deadLayer, sinceStep: worst.firstStep,
            summary: "Units \(what), since step \(worst.firstStep)."
                + (others.isEmpty ? "" : " The same holds for \(others.names)."),
            evidence: all.map {
                $0.evidence(
                    threshold: $0.signal.statistic == .deadUnits ? Thresholds.deadUnits : Thresholds.negativeUnits)
            })
    }

    private func streaks(
        _ history: History, _ statistic: SeriesName.LayerStatistic, over limit: Double
    ) -> [LayerSignal.Streak] {
        history.layers(statistic).compactMap { $0.streak(lasting: Thresholds.looks) { $0.mean >= limit } }
            .sorted { $0.typical > $1.typical }
    }
}
