import EquipoiseTraining
import Foundation
import GRDB
import TestSupport
import Testing

@Suite struct SessionTests {
    /// Small networks for points in the plane.
    private func tinyConfiguration(steps: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.network.architecture = .mlp
        configuration.network.latent = 2
        (configuration.network.generatorWidth, configuration.network.discriminatorWidth) = (8, 8)
        (configuration.training.batchSize, configuration.training.maxSteps) = (16, steps)
        return configuration
    }

    /// Fails at every event.
    private final class Broken: TrainingObserver {
        struct Failure: Error, CustomStringConvertible {
            let description = "The observer is broken."
        }

        func receive(_ event: TrainingEvent) throws { throw Failure() }
    }

    @Test func anObserverThatThrowsCostsNeitherACheckpointNorTheRun() throws {
        try inTemporaryFolder { folder in
            try RandomNumbers.exclusively {
                var configuration = tinyConfiguration(steps: 6)
                configuration.checkpoints.everySteps = 2
                var options = TrainingSession.Options()
                options.library = RunLibrary(directory: folder)
                options.observers = { _ in [Broken()] }
                let data = try MixtureDataset.ring(count: 96, seed: 1)
                let session = try TrainingSession(TrainingSetup(configuration, data: data), options)
                #expect(try session.run().outcome == .finished)
                let reader = try RunReader(session.folder)
                #expect(try reader.checkpoints().map(\.step) == [2, 4, 6])
                #expect(try reader.status() == .finished)
                #expect(try reader.points(of: .lossGenerator).count == 6)
                #expect(try reader.notes().contains { $0.kind == "warning" && $0.message == "The observer is broken." })
            }
        }
    }

    /// A checkpoint that is newer than its series would leave a hole in them.
    @Test func noCheckpointIsSavedWhoseStepsAreNotSafe() throws {
        try RandomNumbers.exclusively {
            try inTemporaryFolder { folder in
                let configuration = tinyConfiguration(steps: 3)
                let trainer = try Trainer(
                    configuration, data: MixtureDataset.ring(count: 96, seed: 1), device: .cpu)
                trainer.checkpoints = CheckpointStore(folder: folder, keep: 3)
                trainer.secureRecords = { throw CocoaError(.fileWriteOutOfSpace) }
                #expect(try trainer.run() == .failed("The state after step 3 could not be saved."))
                #expect(trainer.checkpoints?.names().isEmpty == true)
            }
        }
    }

    /// A run of a newer version: everything reads it, but nothing trains it with other settings than its own.
    @Test func aRunWithUnknownKeysIsReadButNotResumed() throws {
        try inTemporaryFolder { folder in
            try RandomNumbers.exclusively {
                let configuration = tinyConfiguration(steps: 4)
                var options = TrainingSession.Options()
                options.library = RunLibrary(directory: folder)
                let setup = try TrainingSetup(configuration, data: MixtureDataset.ring(count: 96, seed: 1))
                let session = try TrainingSession(setup, options)
                var steps = 0
                try session.run {
                    steps += 1
                    return steps == 2
                }
                try DatabaseQueue(path: session.folder.database.path).write {
                    try $0.execute(sql: "INSERT INTO configuration (path, value) VALUES ('future.key', '1')")
                }
                let reader = try RunReader(session.folder)
                #expect(try reader.unknownKeys() == ["future.key"])
                #expect(try reader.configuration().training.maxSteps == 4)
                #expect(throws: Never.self) { try reader.diagnosis() }
                #expect(RunSummary(session.folder).problem == nil)
                let refusal = message { _ = try TrainingSession(resuming: session.folder, setup, options) }
                #expect(refusal.contains("settings that this version does not know (future.key)"), "\(refusal)")
            }
        }
    }
}
