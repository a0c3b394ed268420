import Adversarial
import Datasets
import Foundation
import Images
import Networks
import Recipes
import Runs
import TestSupport
import Testing
import Torch
import Training

@Suite struct TrainerTests {
    /// A plain PyTorch script with the same seed and order of draws: see `parity` in `Scripts/make_fixtures.py`.
    ///
    /// Rounding grows with the steps: within 15 of them, two memory layouts of PyTorch itself stay within 2e-5.
    @Test func theLossesAreAPlainScripts() throws {
        let expected = try Fixture.load("parity").tensor("losses")
        let witness = Witness()
        try RandomNumbers.exclusively {
            var configuration = TrainingConfiguration()
            configuration.seed = 42
            configuration.training.batchSize = 64
            configuration.training.maxSteps = 15
            let trainer = try Trainer(configuration, data: discs(922), device: .cpu)
            trainer.observe(witness)
            #expect(try trainer.run() == .finished)
        }
        let values: [Double] = try expected.values()
        let losses = witness.losses.flatMap(\.self)
        #expect(losses.count == values.count)
        for (loss, value) in zip(losses, values) { #expect(abs(loss - value) <= 1e-4 * abs(value)) }
    }

    /// The same of a game in which the discriminator is updated three times a step, each time on other examples.
    @Test func severalUpdatesSeeOtherExamplesAsInAPlainScript() throws {
        let expected: [Double] = try Fixture.load("parity_three").tensor("losses").values()
        let witness = Witness()
        try RandomNumbers.exclusively {
            let configuration = tinyConfiguration {
                $0.seed = 42
                $0.network.latent = 8
                ($0.network.generatorWidth, $0.network.discriminatorWidth) = (8, 8)
                ($0.training.batchSize, $0.training.maxSteps) = (32, 6)
                $0.training.discriminatorSteps = 3
                $0.samples.count = 64
            }
            let trainer = try Trainer(configuration, data: discs(100), device: .cpu)
            trainer.observe(witness)
            #expect(try trainer.run() == .finished)
        }
        let losses = witness.losses.flatMap(\.self)
        #expect(losses.count == expected.count)
        for (loss, value) in zip(losses, expected) { #expect(abs(loss - value) <= 1e-4 * abs(value)) }
    }

    @Test func aWarmUpThatNeverEndsIsTold() throws {
        let witness = Witness()
        try RandomNumbers.exclusively {
            let configuration = tinyConfiguration { $0.optimizer.generator.warmUp = 9 }
            let trainer = try Trainer(configuration, data: discs(), device: .cpu)
            trainer.observe(witness)
            #expect(try trainer.run() == .finished)
        }
        #expect(witness.warnings.count == 1 && witness.warnings[0].contains("optimizer.generator.warmUp"))
    }

    @Test func whatIsToldFitsThePlan() throws {
        let witness = Witness()
        try RandomNumbers.exclusively {
            let trainer = try Trainer(tinyConfiguration(), data: discs(), device: .cpu)
            trainer.observe(witness)
            #expect(try trainer.run() == .finished)
            #expect(trainer.position == TrainingPosition(step: 9, epoch: 3, imagesSeen: 63))
        }
        #expect(witness.losses.count == 9)
        let ends = witness.events.compactMap { event -> (Int, [Double])? in
            if case .epochEnded(let epoch, let means, _) = event { (epoch, means.map(\.mean)) } else { nil }
        }
        #expect(ends.map(\.0) == [1, 2, 3])
        for (epoch, means) in ends {
            let steps = witness.losses[(epoch - 1) * 3..<epoch * 3]
            for (index, mean) in means.enumerated() {
                #expect(abs(mean - steps.map { $0[index] }.reduce(0, +) / 3) < 1e-12)
            }
        }
        let sheets = witness.events.compactMap { if case .sampled(let image, _, _) = $0 { image } else { nil } }
        #expect(sheets.count == 3 && sheets[0] != sheets[2])
    }

    @Test func theSameSeedGivesTheSameLosses() throws {
        func losses(_ seed: Int) throws -> [[Double]] {
            let witness = Witness()
            try RandomNumbers.exclusively {
                let trainer = try Trainer(tinyConfiguration { $0.seed = seed }, data: discs(), device: .cpu)
                trainer.observe(witness)
                _ = try trainer.run()
            }
            return witness.losses
        }
        let first = try losses(3)
        #expect(try losses(3) == first)
        #expect(try losses(4) != first)
    }

    @Test func aTrainingThatGoesOnEqualsOneThatWasNeverStopped() throws {
        var configurations = [Architecture.article, .dcgan].map { architecture in
            tinyConfiguration {
                $0.network.architecture = architecture
                $0.training.discriminatorSteps = 2
            }
        }
        configurations.append(
            tinyConfiguration {
                $0.penalties.r1.weight = 1
                $0.penalties.r1.interval = 4
                $0.penalties.gradient.weight = 2
                $0.training.exponentialMovingAverage = 0.9
                $0.network.spectralNorm = true
                $0.training.packing = 2
                $0.training.labelFlips = 0.2
                $0.training.instanceNoise = 0.3
                $0.training.instanceNoiseSteps = 7
                $0.network.latentDistribution = .truncated
                $0.optimizer.generator.schedule = .cosine
                $0.optimizer.discriminator.warmUp = 5
                $0.penalties.lecam.weight = 0.3
            })
        configurations.append(tinyConfiguration { $0.objective = .began })
        for configuration in configurations {
            let whole = try outcome(configuration, stops: [])
            // After the first step, in the middle of an epoch, at its end, and several times over.
            for stops in [[1], [4], [3], [1, 2, 5, 6, 8]] {
                let pieces = try outcome(configuration, stops: stops)
                #expect(pieces.losses == whole.losses, "\(configuration.network.architecture), stopped after \(stops)")
                #expect(pieces.means == whole.means)
                for (a, b) in zip(pieces.weights, whole.weights) { #expect(try a.isIdentical(to: b)) }
            }
        }
    }

    private struct Outcome {
        var losses: [[Double]] = []
        var means: [[Double]] = []
        var weights: [Tensor] = []
    }

    /// Trains to the end, each time by a new trainer from the checkpoint of the one before.
    private func outcome(_ configuration: TrainingConfiguration, stops: [Int]) throws -> Outcome {
        let directory = try TemporaryFolder()
        var result = Outcome()
        for stop in stops + [.max] {
            try RandomNumbers.exclusively {
                let trainer = try Trainer(configuration, data: discs(), device: .cpu)
                let store = CheckpointStore(folder: directory.url, keep: 2)
                trainer.checkpoints = store
                if let newest = try store.newest() { try trainer.restore(newest.contents) }
                let witness = Witness()
                trainer.observe(witness)
                let outcome = try trainer.run { trainer.position.step >= stop }
                #expect(outcome == (stop == .max ? .finished : .stopped))
                result.losses += witness.losses
                for case .epochEnded(_, let means, _) in witness.events { result.means.append(means.map(\.mean)) }
                result.weights = trainer.game.generator.network.state.map(\.tensor)
            }
        }
        return result
    }

    @Test func memoryDoesNotGrow() throws {
        var resident: [Int: Int] = [:]
        try RandomNumbers.exclusively {
            let configuration = tinyConfiguration {
                $0.network.generatorWidth = 16
                $0.training.maxSteps = 250
                $0.training.batchSize = 21
                $0.training.epochs = 250
                $0.samples.everyEpochs = 1000
                $0.checkpoints.everyEpochs = 0
            }
            let trainer = try Trainer(configuration, data: discs(), device: .cpu)
            let witness = Witness()
            witness.onStep = { step in if step == 50 || step == 250 { resident[step] = residentBytes() } }
            trainer.observe(witness)
            _ = try trainer.run()
        }
        let growth = try #require(resident[250]) - (try #require(resident[50]))
        // One step's tensors take about 6 MB, so keeping them for 200 steps would take over 1 GB.
        #expect(growth < 64 << 20, "grew by \(growth >> 20) MiB")
    }

    @Test func pointsArePlotted() throws {
        let witness = Witness()
        try RandomNumbers.exclusively {
            let configuration = tinyConfiguration {
                $0.network.architecture = .mlp
                $0.training.epochs = 1
            }
            let trainer = try Trainer(configuration, data: MixtureDataset.ring(count: 64, seed: 1), device: .cpu)
            trainer.observe(witness)
            _ = try trainer.run()
        }
        let image = witness.events.compactMap { if case .sampled(let image, _, _) = $0 { image } else { nil } }
            .first
        #expect(image?.width == 512 && image?.channels == 3)
    }

    @Test func whatDoesNotGoTogetherIsRefused() throws {
        try RandomNumbers.exclusively {
            let mixture = try MixtureDataset.grid(count: 64, seed: 1)
            #expect(throws: ConfigurationError.self) { try Trainer(tinyConfiguration(), data: mixture, device: .cpu) }
            #expect(throws: ConfigurationError.self) {
                try Trainer(tinyConfiguration { $0.network.architecture = .mlp }, data: discs(), device: .cpu)
            }
        }
    }

    @Test func anObserverThatFailsDoesNotEndTheTraining() throws {
        struct Refusal: Error {}
        let witness = Witness()
        witness.onStep = { if $0 == 2 { throw Refusal() } }
        try RandomNumbers.exclusively {
            let trainer = try Trainer(tinyConfiguration(), data: discs(), device: .cpu)
            trainer.observe(witness)
            #expect(try trainer.run() == .finished)
        }
        #expect(witness.warnings.count == 1 && witness.losses.count == 9)
    }
}

/// Bytes of memory that the process holds now.
private func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * 4096
}
