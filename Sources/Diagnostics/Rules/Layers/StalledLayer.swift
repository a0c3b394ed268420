import Measurements
import Recipes

/// A layer stands still: a step moves its weights by nothing, or by far less than those of the player's other layers.
///
/// Source: SageMaker Debugger, WeightUpdateRatio (under 1e-8). In sound runs a layer's ratio is within 30 times of the others' (measured,
/// `Documentation/diagnosis.md`).
struct StalledLayer: LayerRule {
    let pattern = Pattern.stalledLayer

    func finding(in history: History) -> Finding? {
        // Weights that are all cut to the same size rest at the cut between two steps, as a Wasserstein critic's do by design.
        let isClipped = history.configuration.map { $0.penalties.weightClip > 0 } ?? false
        for player in isClipped ? ["generator"] : ["generator", "discriminator"] {
            let layers = history.layers(.updateRatio).filter { $0.player == player }
            let stalled = layers.compactMap { layer in
                let others = layers.filter { $0.layer != layer.layer }
                return layer.streak(lasting: Thresholds.looks) { look in
                    look.mean
                        < max(Thresholds.stalledRatio, Thresholds.stalledShare * others.median(at: look.firstStep))
                }
            }.sorted { $0.typical < $1.typical }
            guard let worst = stalled.first else { continue }
            // A schedule that ends at 0 lets a whole player come to rest.
            if stalled.count == layers.count, layers.count > 1, Self.endsAtRest(player, history.configuration) {
                continue
            }
            let subject =
                stalled.count == layers.count && layers.count > 1
                ? "No layer of the \(player) moves" : "A layer stands still"
            let others = Array(stalled.dropFirst())
            return Finding(
                failure: .convergenceFailure, pattern: pattern, severity: LayerSeverity.stalled,
                sinceStep: worst.firstStep,
                summary:
                    "\(subject): since step \(worst.firstStep) a step changes the weights of \(worst.signal.layer) by "
                    + "\(words(worst.typical)) of their size, where sound layers move by 0.0001 to 0.1."
                    + (others.isEmpty ? "" : " So it is with \(others.names)."),
                evidence: stalled.map { $0.evidence(threshold: Thresholds.stalledRatio) })
        }
        return nil
    }

    private static func endsAtRest(_ player: String, _ configuration: TrainingConfiguration?) -> Bool {
        guard let optimizer = configuration?.optimizer else { return false }
        return (player == "generator" ? optimizer.generator : optimizer.discriminator).schedule != .constant
    }
}
