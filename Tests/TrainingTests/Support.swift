import DataFiles
import Datasets
import Foundation
import Measurements
import Recipes
import TestSupport
import Training

/// A training that takes milliseconds: made-up images and narrow networks.
func tinyConfiguration(_ change: (inout TrainingConfiguration) -> Void = { _ in }) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.network.latent = 6
    configuration.network.generatorWidth = 4
    configuration.network.discriminatorWidth = 4
    configuration.training.batchSize = 8
    configuration.training.epochs = 3
    configuration.samples.count = 4
    configuration.checkpoints.everySeconds = 0
    change(&configuration)
    return configuration
}

/// Made-up images; 21 of them make three batches of 8, the last one smaller.
func discs(_ count: Int = 21) throws -> ImageDataset {
    try ImageDataset(ImageArray(count: count, channels: 1, height: 28, width: 28, pixels: Fixture.discs(count)))
}

/// Keeps what a training tells.
final class Witness: TrainingObserver {
    private(set) var events: [TrainingEvent] = []
    var onStep: (Int) throws -> Void = { _ in }

    func receive(_ event: TrainingEvent) throws {
        events.append(event)
        if case .stepped(let measurement) = event { try onStep(measurement.step) }
    }

    var losses: [[Double]] {
        events.compactMap { event in
            guard case .stepped(let measurement) = event else { return nil }
            return [SeriesName.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake].map {
                measurement[$0] ?? .nan
            }
        }
    }

    var warnings: [String] {
        events.compactMap { if case .warning(let message, _) = $0 { message } else { nil } }
    }
}
