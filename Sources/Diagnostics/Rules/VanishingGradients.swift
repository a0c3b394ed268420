import Measurements
import Recipes

/// The generator's gradient is so small that it no longer learns, or a player's gradient vanishes on its way through
/// the layers.
///
/// Source: Arjovsky and Bottou 2017 (arXiv 1701.04862): the better the discriminator, the smaller the gradient of log(1
/// − D). For layers: AutoTrainer (arXiv 2106.01012), which compares the first layer with the last; here each layer is
/// compared with the player's largest.
struct VanishingGradients: Rule {
    let pattern = Pattern.vanishingGradients
    let signals: [SeriesName] = [.gradientNormGenerator]

    /// A critic with clipped weights has small gradients by construction, and RMSprop removes the scale.
    func applies(to objective: Objective) -> Bool { objective != .wasserstein }

    func finding(in history: History) -> Finding? { ofGenerator(history) ?? onItsWay(history) }

    private func ofGenerator(_ history: History) -> Finding? {
        let series = SeriesName.gradientNormGenerator
        let limit = Thresholds.vanishedGradient
        guard
            let stretch = history.stretch(of: [series], lasting: history.windowsNeeded, where: { $0[0].mean < limit })
        else { return nil }
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            severity: strength(limit / max(stretch.typical(series), 1e-12), over: 1, scale: 10),
            sinceStep: stretch.firstStep,
            summary:
                "The generator no longer learns: since \(history.place(stretch.firstStep)), the norm of its gradient "
                + "has been \(words(stretch.typical(series))), below \(words(limit)).",
            evidence: [stretch.evidence(series, threshold: limit)])
    }

    /// Detects a layer whose gradient is negligible compared with that of the player's other layers.
    private func onItsWay(_ history: History) -> Finding? {
        let (share, limit) = (Thresholds.vanishedShare, Thresholds.vanishedLayerGradient)
        for player in ["generator", "discriminator"] {
            let layers = history.layers(.gradientNorm).filter { $0.player == player }
            let vanished = layers.compactMap { layer in
                layer.streak(lasting: Thresholds.looks) { look in
                    look.mean < limit && look.mean < share * layers.largest(at: look.firstStep)
                }
            }.sorted { $0.typical < $1.typical }
            guard let worst = vanished.first else { continue }
            let others = Array(vanished.dropFirst())
            return Finding(
                failure: .convergenceFailure, pattern: pattern, severity: Thresholds.vanishingLayer,
                sinceStep: worst.firstStep,
                summary:
                    "The \(player)'s gradient vanishes on its way through the layers: since step \(worst.firstStep), the gradient of \(worst.signal.layer) has "
                    + "had a norm of \(words(worst.typical)), less than a thousandth of the largest layer's."
                    + (others.isEmpty ? "" : " The same holds for \(others.names)."),
                evidence: vanished.map { $0.evidence(threshold: limit) })
        }
        return nil
    }
}
