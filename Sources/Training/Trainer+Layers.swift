import Foundation
import Measurements
import Recipes

/// Periodic inspections of the layers. An error never ends training; it only ends the inspections.
extension Trainer {
    func makeLayerProbe() {
        let budget = configuration.monitor.layerBudget
        guard monitor != nil, budget > 0 else { return }
        attempt {
            layerProbe = try LayerProbe(
                game, data: data, classes: classes, budget: budget, seed: UInt64(configuration.seed) &+ 0x6A09_E667)
        }
    }

    /// Prepares an inspection if one is due after the next step.
    func prepareToInspect() {
        guard let layerProbe, layerProbe.isDue(after: position.step + 1) else { return }
        attempt { try layerProbe.prepare() }
    }

    /// Completes a prepared inspection after a step, before the step is judged.
    func inspect() {
        guard let layerProbe, layerProbe.isPrepared else { return }
        attempt {
            let measurement = StepRecord(
                step: position.step, epoch: position.epoch, imagesSeen: position.imagesSeen,
                wallTime: Date().timeIntervalSince1970, values: try layerProbe.look())
            monitor?.receive(measurement)
            tell(.inspected(measurement))
        }
    }

    private func attempt(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            layerProbe = nil
            tell(
                .warning("The layers are no longer inspected after step \(position.step): \(error)", at: position))
        }
    }
}
