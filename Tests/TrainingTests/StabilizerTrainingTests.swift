import Adversarial
import DataFiles
import Datasets
import Evaluation
import Foundation
import Recipes
import Runs
import TestSupport
import Testing
import Torch
import Training

/// Trainings with stabilizers, from a configuration on.
@Suite struct StabilizerTrainingTests {
    private static let settings = [
        ["training.generatorSteps=2", "training.historicalAverage=0.1"], ["training.featureMatching=1"],
        ["training.featureMatching=0.3", "training.featureLayer=convolve.1", "objective=relativistic"],
        ["training.replay=20", "training.microBatch=3"], ["training.unrolledSteps=2"],
        ["training.augmentation=color,translation,cutout", "training.augmentationTarget=0.6"],
        ["network.minibatchDiscrimination=4"], ["network.architecture=dcgan", "network.virtualBatchNorm=true"],
        ["network.architecture=residual", "network.generatorWidth=8", "network.spectralNorm=true"],
        ["network.architecture=r3gan", "network.generatorWidth=8", "network.discriminatorWidth=8"],
        ["objective=began", "training.equilibriumRate=0.05"],
        ["training.augmentation=cutout", "objective=wasserstein-gp"],
    ]

    private func configuration(_ assignments: [String]) throws -> TrainingConfiguration {
        var configuration = tinyConfiguration()
        try configuration.set(assignments: assignments)
        return try configuration.validated()
    }

    @Test(arguments: settings.indices)
    func aTrainingGoesOnAsIfNeverStopped(_ index: Int) throws {
        let configuration = try configuration(Self.settings[index])
        let directory = try TemporaryFolder()
        func train(_ body: (Trainer) throws -> Void) throws -> [[Double]] {
            let witness = Witness()
            try RandomNumbers.exclusively {
                let trainer = try Trainer(configuration, data: discs(), device: .cpu)
                trainer.observe(witness)
                try body(trainer)
            }
            return witness.losses
        }
        let whole = try train { _ = try $0.run() }
        #expect(whole.allSatisfy { $0.allSatisfy(\.isFinite) })
        let store = CheckpointStore(folder: directory.url, keep: 3)
        let first = try train { trainer in
            trainer.checkpoints = store
            _ = try trainer.run { trainer.position.step == 4 }
        }
        let rest = try train { trainer in
            try store.newest(use: trainer.restore)
            _ = try trainer.run()
        }
        #expect(first + rest == whole, "\(Self.settings[index])")
    }

    @Test func classesAreTold() throws {
        let images = ImageArray(
            count: 21, channels: 1, height: 28, width: 28, pixels: Fixture.discs(21), labels: (0..<21).map { $0 % 3 })
        let data = try ImageDataset(images)
        let configuration = try configuration(["network.classes=3"])
        let directory = try TemporaryFolder()
        let store = CheckpointStore(folder: directory.url, keep: 3)
        try RandomNumbers.exclusively {
            let trainer = try Trainer(configuration, data: data, device: .cpu)
            trainer.checkpoints = store
            #expect(try trainer.run() == .finished)
        }
        var whole = configuration
        (whole.data.channels, whole.data.imageSize) = (1, 28)
        let generator = try TrainedGenerator(whole, #require(try store.newest()).contents, device: .cpu)
        #expect(generator.classes == 3)
        // The same latent vectors, asked for in another class, are other images; without a class one comes after the other.
        let (zeros, ones) = (
            try generator.examples(count: 4, seed: 1, class: 0), try generator.examples(count: 4, seed: 1, class: 1)
        )
        let all = try generator.examples(count: 4, seed: 1)
        #expect(try zeros.relativeDifference(to: ones) > 1e-4)
        #expect(
            try all.slice(0..<1).isIdentical(to: zeros.slice(0..<1))
                && all.slice(1..<2).isIdentical(to: ones.slice(1..<2)))
        for (classes, source) in [
            (2, data),
            (
                3,
                try ImageDataset(
                    ImageArray(
                        count: 21, channels: 1, height: 28, width: 28, pixels: Fixture.discs(21)))
            ),
        ] {
            let wrong = try self.configuration(["network.classes=\(classes)"])
            let error = #expect(throws: ConfigurationError.self) { try Trainer(wrong, data: source, device: .cpu) }
            #expect(error.map { "\($0)".contains("label") } == true)
        }
    }

    /// The modes of a mixture are classes too.
    @Test(arguments: ["mlp", "maxout"])
    func pointsAreAskedForByMode(_ architecture: String) throws {
        let configuration = try configuration([
            "data.source=ring", "network.architecture=\(architecture)", "network.classes=8",
            "network.generatorWidth=16", "network.discriminatorWidth=16",
        ])
        try RandomNumbers.exclusively {
            let data = try MixtureDataset.ring(count: 24, seed: 1)
            let labels = try #require(data.labels)
            let points: [Float] = try data.points.values()
            for (index, label) in labels.enumerated() {
                let away = SIMD2(Double(points[2 * index]), Double(points[2 * index + 1])) - data.centers[label]
                #expect((away * away).sum() < 0.01)
            }
            let trainer = try Trainer(configuration, data: data, device: .cpu)
            #expect(try trainer.run() == .finished)
        }
    }

    @Test func anotherRunsCheckpointIsAdopted() throws {
        let directory = try TemporaryFolder()
        let store = CheckpointStore(folder: directory.url, keep: 9)
        try RandomNumbers.exclusively {
            let trainer = try Trainer(configuration(["checkpoints.everySteps=2"]), data: discs(), device: .cpu)
            trainer.checkpoints = store
            _ = try trainer.run()
        }
        let before = try #require(store.newest(before: 5))
        #expect(before.step == 4 && store.newest(before: 2) == nil)
        for (settings, fits) in [
            (["optimizer.learningRate=0.00001", "training.exponentialMovingAverage=0.9"], true),
            (["objective=wasserstein", "penalties.lecam.weight=1"], true),
            (["training.epochs=1"], false), (["network.latent=7"], false), (["network.spectralNorm=true"], false),
        ] {
            try RandomNumbers.exclusively {
                let trainer = try Trainer(configuration(settings), data: discs(), device: .cpu)
                #expect(try trainer.adopt(before.contents) == fits, "\(settings)")
                guard fits else { return }
                // It is this run's own from the first moment on: a kill before the next checkpoint loses nothing.
                let own = directory.url.appending(path: UUID().uuidString)
                try FileManager.default.createDirectory(at: own, withIntermediateDirectories: false)
                trainer.checkpoints = CheckpointStore(folder: own, keep: 3)
                let witness = Witness()
                witness.onStep = { step in
                    if step == 5 { #expect(trainer.checkpoints?.names() == ["step-00000004"]) }
                }
                trainer.observe(witness)
                #expect(trainer.position.step == 4)
                let saved = try before.contents.generator.tensor("project.0.weight")
                #expect(try trainer.game.generator.parameters[0].isIdentical(to: saved))
                #expect(try trainer.run() == .finished)
            }
        }
    }
}
