import Measurements
import Recipes

/// A layer has stalled: a step hardly changes its weights, or changes them far less than those of the player's other
/// layers.
///
/// Source: SageMaker Debugger, WeightUpdateRatio (under 1e-8). In healthy runs a layer's ratio is within a factor of 30
/// of the others' (measured, `Documentation/diagnosis.md`).
struct StalledLayer: LayerRule {
    let pattern = Pattern.stalledLayer

    func finding(in history: History) -> Finding? {
        // Clipped weights stay at the clipping bound from one step to the next, as a Wasserstein critic's do by design.
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
            // A schedule that ends at 0 stalls all of a player's layers.
            if stalled.count == layers.count, layers.count > 1, Self.endsAtRest(player, history.configuration) {
                continue
            }
            let subject =
                stalled.count == layers.count && layers.count > 1
                ? "No layer of the \(player) changes" : "A layer has stalled"
            let others = Array(stalled.dropFirst())
            return Finding(
                failure: .convergenceFailure, pattern: pattern, severity: Thresholds.stalledLayer,
                sinceStep: worst.firstStep,
                summary:
                    "\(subject): since step \(worst.firstStep), each step changes the weights of \(worst.signal.layer) "
                    + "by only \(words(worst.typical)) of their size (healthy layers: 0.0001 to 0.1)."
                    + (others.isEmpty ? "" : " The same holds for \(others.names)."),
                evidence: stalled.map { $0.evidence(threshold: Thresholds.stalledRatio) })
        }
        return nil
    }

    private static func endsAtRest(_ player: String, _ configuration: TrainingConfiguration?) -> Bool {
        guard let optimizer = configuration?.optimizer else { return false }
        return (player == "generator" ? optimizer.generator : optimizer.discriminator).schedule != .constant
    }
}
