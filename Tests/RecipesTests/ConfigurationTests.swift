import Foundation
import TestSupport
import Testing

@testable import Recipes

@Suite struct ConfigurationTests {
    @Test func defaultsAreValid() throws {
        #expect(try TrainingConfiguration().validated() == TrainingConfiguration())
        #expect(TrainingConfiguration().training.batchSize == 1024)
    }

    @Test func everyKeyReadsBackWhatItWrites() throws {
        for key in TrainingConfiguration.keys + TrainingConfiguration.sharedKeys {
            var configuration = TrainingConfiguration()
            try key.write(&configuration, text: key.read(TrainingConfiguration()).description)
            #expect(configuration == TrainingConfiguration(), "\(key.path)")
            #expect(!key.summary.isEmpty && !key.allowed.isEmpty)
        }
        #expect(Set(TrainingConfiguration.keys.map(\.path)).count == TrainingConfiguration.keys.count)
    }

    @Test func keysThatAreSetOneByOneDifferInThatKeyAlone() throws {
        let values: [String: ConfigurationValue] = [
            "recipe": "mine", "seed": 7, "device": "cuda:1", "precision": "bfloat16", "threads": 3,
            "data.source": "some folder/a b", "data.imageSize": 64, "data.channels": 3, "data.limit": 10,
            "data.skipBroken": true, "network.spectralNorm": true,
            "network.virtualBatchNorm": true, "training.featureLayer": "convolve.1",
            "network.architecture": "mlp", "objective": "hinge", "monitor.samples": 50,
            "data.classPortions": "4=0.1, 7=0", "monitor.reference": "mnist",
        ]
        for key in TrainingConfiguration.keys {
            var configuration = TrainingConfiguration()
            let other: ConfigurationValue =
                switch (values[key.path], key.kind) {
                case (let value?, _): value
                case (nil, .integer): 5
                case (nil, .choice(let words)):
                    .text(words.first { .text($0) != key.read(configuration) } ?? "")
                default: 0.25
                }
            try configuration.set(key.path, to: other)
            #expect(configuration.differences(from: TrainingConfiguration()).map(\.path) == [key.path])
            #expect(configuration.differences(from: TrainingConfiguration()).first?.ours == other)
        }
    }

    @Test(arguments: [
        ("latnet", "network.latent"), ("network.latnet", "network.latent"), ("learning_rate", "optimizer.learningRate"),
        ("optimiser.learningRate", "optimizer.learningRate"), ("batch_size", "training.batchSize"),
        ("optimizer.generator.learningrat", "optimizer.generator.learningRate"), ("sed", "seed"),
        ("lr", "optimizer.learningRate"),
    ])
    func unknownKeySuggestsTheNearest(path: String, nearest: String) {
        var configuration = TrainingConfiguration()
        #expect(throws: ConfigurationError.unknownKey(path: path, nearest: nearest, place: nil)) {
            try configuration.set(path, to: "1")
        }
    }

    @Test func unknownKeyFarFromAllNamesTheSections() {
        #expect(
            message { _ = try TrainingConfiguration.key("zzzzzzzzzz") }.contains(
                "the sections are recipe, seed, device"))
    }

    @Test(arguments: [
        ("network.latent", "0"), ("network.latent", "65537"), ("network.latent", "many"), ("network.latent", "1.5"),
        ("network.latent", "1e400"), ("seed", "-1"), ("seed", "99999999999999999999"),
        ("optimizer.learningRate", "-0.1"), ("optimizer.learningRate", "0"), ("optimizer.learningRate", "nan"),
        ("optimizer.learningRate", "inf"), ("optimizer.learningRate", "1e999"), ("optimizer.beta1", "1"),
        ("optimizer.generator.beta2", "-0.1"), ("data.imageSize", "29"), ("data.channels", "2"),
        ("device", "gpu"), ("device", "cuda:"), ("device", "cuda:-1"), ("device", "cuda:٣"), ("precision", "float16"),
        ("data.skipBroken", "maybe"), ("recipe", ""), ("recipe", "a\nb"), ("objective", "hinges"),
        ("training.batchSize", "1000001"), ("samples.count", "1025"), ("checkpoints.keep", "0"),
        ("optimizer.kind", "adagrad"),
    ])
    func valuesOutOfRangeAreRefusedAndChangeNothing(path: String, text: String) {
        var configuration = TrainingConfiguration()
        let sentence = message { try configuration.set(path, to: text) }
        #expect(sentence.contains("“\(path)”") && sentence.contains("it takes"))
        #expect(configuration == TrainingConfiguration())
    }

    @Test func wholeNumbersMayHaveUnderscoresAndExponents() throws {
        var configuration = TrainingConfiguration()
        try configuration.set(assignments: ["training.maxSteps = 1e5"])
        try configuration.set(assignments: ["training.batchSize=1_000"])
        #expect(configuration.training.maxSteps == 100_000 && configuration.training.batchSize == 1000)
        #expect(message { try configuration.set(assignments: ["seed"]) }.contains("path=value"))
    }

    @Test(arguments: [
        ("7=0,4=0.1", "4=0.1, 7=0"), ("", ""), ("3=1", ""), (" 12=0.5  0=0 ", "0=0, 12=0.5"),
    ])
    func classPortionsAreWrittenInTheOrderOfTheClasses(text: String, canonical: String) throws {
        var configuration = TrainingConfiguration()
        try configuration.set(assignments: ["data.classPortions=\(text)"])
        #expect(configuration.data.classPortions.rawValue == canonical)
        let again = try TrainingConfiguration(yaml: configuration.yaml, source: "again.yaml")
        #expect(again.data.classPortions == configuration.data.classPortions)
    }

    @Test(arguments: ["7", "7=", "=0", "7=0=1", "-1=0", "7=2", "7=nan", "7=0,7=0.5", "seven=0", "7=-0.1"])
    func unclearClassPortionsAreRefused(text: String) {
        #expect(ClassPortions(rawValue: text) == nil)
    }

    @Test func sharedOptimizerKeysSetBothPlayers() throws {
        var configuration = TrainingConfiguration()
        try configuration.set("optimizer.learningRate", to: 0.001)
        #expect(configuration.optimizer.generator.learningRate == 0.001)
        #expect(configuration.optimizer.discriminator.learningRate == 0.001)
        let changed = try configuration.applying([
            "optimizer.discriminator.beta1": 0.25, "optimizer.beta1": 0.75,
        ])
        #expect(changed.optimizer.generator.beta1 == 0.75 && changed.optimizer.discriminator.beta1 == 0.25)
    }

    @Test func validationFindsWhatDirectChangesBroke() {
        var configuration = TrainingConfiguration()
        configuration.network.latent = 0
        #expect(message { _ = try configuration.validated() }.contains("network.latent"))
        configuration = TrainingConfiguration()
        configuration.optimizer.generator.learningRate = .nan
        #expect(message { _ = try configuration.validated() }.contains("optimizer.generator.learningRate"))
        configuration = TrainingConfiguration()
        configuration.objective = .hinge
        configuration.training.labelSmoothing = 0.1
        #expect(message { _ = try configuration.validated() }.contains("no labels to smooth"))
        configuration = TrainingConfiguration()
        configuration.training.packing = 64
        configuration.training.batchSize = 32
        #expect(message { _ = try configuration.validated() }.contains("training.packing"))
        configuration = TrainingConfiguration()
        configuration.optimizer.discriminator.momentum = 0.9
        #expect(message { _ = try configuration.validated() }.contains("adam has no momentum"))
        configuration.optimizer.discriminator.kind = .sgd
        #expect(message { _ = try configuration.validated() } == "")
        configuration.training.microBatch = 2048
        #expect(message { _ = try configuration.validated() }.contains("training.microBatch"))
    }

    @Test func codingIsAFlatObjectOfPaths() throws {
        var configuration = TrainingConfiguration()
        configuration.optimizer.discriminator.learningRate = 1e-5
        configuration.device = .cuda(index: 2)
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(TrainingConfiguration.self, from: data) == configuration)
        let partial = try JSONDecoder().decode(TrainingConfiguration.self, from: Data(#"{"network.latent": 64}"#.utf8))
        #expect(partial.network.latent == 64 && partial.training == TrainingConfiguration().training)
        #expect(
            message { _ = try JSONDecoder().decode(TrainingConfiguration.self, from: Data(#"{"nope": 1}"#.utf8)) } != ""
        )
    }

    @Test(arguments: [
        (0.0002, "0.0002"), (1e-8, "1.0e-8"), (0.999, "0.999"), (0, "0"), (1, "1"), (-2.5e-5, "-0.000025"),
        (1.25e-6, "0.00000125"), (1.5e20, "1.5e+20"), (0.1 + 0.2, "0.30000000000000004"), (12345.678, "12345.678"),
    ])
    func numbersAreReadableAndReadBack(number: Double, text: String) {
        #expect(number.plainDescription == text)
        #expect(Double(text) == number)
    }
}

@Suite struct ObjectiveTests {
    /// What an objective brought goes with it; what somebody set stays.
    @Test func switchingTakesBackWhatTheFormerBrought() throws {
        for former in Objective.allCases {
            var configuration = TrainingConfiguration()
            try configuration.set("objective", to: former.rawValue)
            let reached = configuration
            try configuration.set("objective", to: "non-saturating")
            #expect(configuration.differences(from: TrainingConfiguration()).isEmpty, "\(former)")
            for next in Objective.allCases {
                var (direct, there) = (TrainingConfiguration(), reached)
                try direct.set("objective", to: next.rawValue)
                try there.set("objective", to: next.rawValue)
                #expect(there == direct, "\(former) to \(next)")
            }
        }
        // Penalties that somebody added stay; those of the objective that is left go, with their intervals.
        var lazy = TrainingConfiguration()
        try lazy.set(assignments: ["penalties.r1.weight=10", "penalties.r1.interval=16"])
        for objective in ["non-saturating", "hinge", "dragan", "least-squares"] {
            try lazy.set("objective", to: objective)
            #expect(lazy.penalties.r1.weight == 10 && lazy.penalties.r1.interval == 16, "\(objective)")
            #expect(throws: Never.self) { try lazy.validated() }
        }
        for left in [
            ["objective=relativistic", "penalties.r1.interval=4"],
            ["objective=began", "training.equilibriumRatio=0.5"],
        ] {
            var configuration = TrainingConfiguration()
            try configuration.set(assignments: left)
            try configuration.set("objective", to: "hinge")
            #expect(throws: Never.self, "\(left)") { try configuration.validated() }
        }
        var own = TrainingConfiguration()
        try own.set(assignments: ["objective=wasserstein", "optimizer.generator.learningRate=0.0003"])
        try own.set("objective", to: "hinge")
        #expect(own.optimizer.generator.learningRate == 0.0003 && own.optimizer.generator.kind == .adam)
        #expect(
            own.optimizer.discriminator == TrainingConfiguration.PlayerOptimizer()
                && own.training.discriminatorSteps == 1)
    }

    @Test(arguments: [
        "optimizer.warmUp=9223372036854775807", "training.discriminatorSteps=9223372036854775807",
        "training.generatorSteps=1001", "optimizer.weightDecay=1e30", "training.historicalAverage=1e30",
        "penalties.r1.weight=1e38", "training.instanceNoise=1e38", "optimizer.learningRate=1e9",
    ])
    func absurdNumbersAreRefused(_ assignment: String) {
        var configuration = TrainingConfiguration()
        #expect(throws: ConfigurationError.self) { try configuration.set(assignments: [assignment]) }
    }
}

@Suite struct ConflictTests {
    @Test(arguments: [
        ["training.batchSize=8", "training.packing=16"], ["training.microBatch=2000"], ["training.replay=5"],
        ["training.instanceNoiseSteps=100"], ["training.featureLayer=convolve.1"], ["training.equilibriumRatio=0.5"],
        ["objective=hinge", "training.labelFlips=0.1"], ["objective=began", "training.featureMatching=1"],
        ["objective=began", "network.minibatchDiscrimination=8"], ["objective=began", "network.classes=10"],
        ["network.classes=10", "training.packing=2"], ["network.classes=10", "training.replay=5000"],
        ["data.source=ring", "network.architecture=mlp", "training.augmentation=color"],
        ["training.augmentation=cutout", "training.packing=2"],
        ["training.augmentationTarget=0.6"], ["objective=wasserstein-gp", "training.unrolledSteps=2"],
        ["objective=wasserstein", "training.unrolledSteps=2"], ["network.virtualBatchNorm=true"],
        ["network.architecture=r3gan", "network.generatorWidth=20"],
        ["network.architecture=r3gan", "network.spectralNorm=true"],
        ["network.architecture=dcgan", "training.microBatch=2"],
        ["training.featureMatching=1", "training.microBatch=2"],
        ["network.architecture=dcgan", "penalties.r1.weight=1"],
        ["network.minibatchDiscrimination=8", "objective=relativistic"], ["objective=began", "training.packing=2"],
        ["objective=began", "network.architecture=dcgan"],
        ["training.unrolledSteps=2", "training.labelFlips=0.1"],
        ["objective=wasserstein", "training.augmentation=color", "training.augmentationTarget=0.6"],
        ["objective=wasserstein", "penalties.weightClip=0"],
        ["objective=wasserstein-gp", "penalties.gradient.weight=0"],
        ["objective=dragan", "penalties.dragan.weight=0"], ["penalties.r1.interval=16"],
        ["network.architecture=mlp"], ["data.source=ring"],
    ])
    func whatDoesNotGoTogetherIsRefused(_ assignments: [String]) throws {
        var configuration = TrainingConfiguration()
        try configuration.set(assignments: assignments)
        #expect {
            _ = try configuration.validated()
        } throws: { error in
            // The refusal names a key that was given, and says what to do.
            let words = "\(error)"
            let keys = assignments.map { String($0.prefix { $0 != "=" }) }
            return keys.contains { words.contains($0) }
                && ["set ", "lower", "choose", "make", "keep"].contains { words.contains($0) }
        }
        // Each alone is fine, or is refused for the same reason.
        guard assignments.count > 1 else { return }
        for assignment in assignments where !["Target", "=ring", "=mlp"].contains(where: assignment.contains) {
            var single = TrainingConfiguration()
            try single.set(assignments: [assignment])
            #expect(throws: Never.self) { try single.validated() }
        }
    }

    @Test func formerNamesOfKeysAreStillRead() throws {
        let recipe = try TrainingConfiguration(yaml: "training: {generatorAverage: 0.99}", source: "old.yaml")
        #expect(recipe.training.exponentialMovingAverage == 0.99)
        #expect(recipe.yaml.contains("exponentialMovingAverage: 0.99") && !recipe.yaml.contains("generatorAverage"))
        var configuration = TrainingConfiguration()
        try configuration.set("training.generatorAverage", to: "0.5")
        #expect(configuration.training.exponentialMovingAverage == 0.5)
    }
}
