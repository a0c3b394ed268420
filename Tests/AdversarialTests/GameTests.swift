import Adversarial
import Networks
import TestSupport
import Testing
import Torch

@Suite struct GameTests {
    private func statistics(
        microBatch: Int, discriminatorSteps: Int = 1, loss: any AdversarialLoss = NonSaturatingLoss(), step: Int = 1,
        _ change: (inout Game.Rules) -> Void = { _ in }
    ) throws -> ([(name: String, value: Double)], [Tensor]) {
        try RandomNumbers.exclusively(seed: 1) {
            let image = ImageShape(channels: 1, size: 28)
            let generator = try Player(ArticleGenerator(latent: 6, width: 4, image: image)) {
                try SGD($0, learningRate: 0.1)
            }
            let discriminator = try Player(ArticleDiscriminator(width: 4, image: image)) {
                try SGD($0, learningRate: 0.1)
            }
            var rules = Game.Rules(
                latent: LatentSpace(dimensions: 6), discriminatorSteps: discriminatorSteps, microBatch: microBatch)
            change(&rules)
            let game = Game(generator: generator, discriminator: discriminator, loss: loss, rules: rules)
            let real = try Tensor(Fixture.discs(11), shape: [11, 1, 28, 28]).to(.float32) / 127.5 - 1
            let values = try game.step(real, number: step).read()
            return (values, generator.parameters + discriminator.parameters)
        }
    }

    @Test(arguments: [1, 4, 5, 10])
    func partsOfABatchGiveTheBatchsGradient(_ size: Int) throws {
        let (whole, wholeParameters) = try statistics(microBatch: 11)
        let (parts, partParameters) = try statistics(microBatch: size)
        #expect(whole.map(\.name) == parts.map(\.name))
        for (a, b) in zip(whole, parts) { #expect(abs(a.value - b.value) <= 1e-5 * abs(a.value), "\(a.name)") }
        for (a, b) in zip(wholeParameters, partParameters) { #expect(try a.relativeDifference(to: b) < 1e-5) }
    }

    @Test func everySeriesOfTheDesignIsThere() throws {
        let (values, _) = try statistics(microBatch: 11, discriminatorSteps: 2)
        #expect(
            Set(values.map(\.name)) == [
                "loss_generator", "loss_discriminator_real", "loss_discriminator_fake", "probability_real",
                "probability_fake", "gradient_norm_generator", "gradient_norm_discriminator",
            ])
        for (name, value) in values where name.hasPrefix("probability") { #expect((0...1).contains(value), "\(name)") }
        for (name, value) in values where name.hasPrefix("gradient") { #expect(value > 0, "\(name)") }
    }

    @Test(arguments: [1, 4])
    func partsGiveTheBatchsGradientWithPenaltiesToo(_ size: Int) throws {
        func play(_ microBatch: Int) throws -> ([(name: String, value: Double)], [Tensor]) {
            try statistics(microBatch: microBatch, loss: RelativisticLoss()) {
                $0.penalties = [
                    WeightedPenalty("gradient", GradientPenalty(), weight: 3),
                    WeightedPenalty("dragan", DraganPenalty(), weight: 2),
                    WeightedPenalty("r2", ZeroCenteredPenalty(at: .fake), weight: 1),
                ]
                $0.generatorClip = 0.01
                $0.instanceNoise = InstanceNoise(deviation: 0.3, steps: 0)
            }
        }
        let (whole, wholeParameters) = try play(11)
        let (parts, partParameters) = try play(size)
        #expect(whole.map(\.name) == parts.map(\.name) && whole.contains { $0.name == "penalty_dragan" })
        #expect(!whole.contains { $0.name == "probability_real" })
        for (a, b) in zip(whole, parts) { #expect(abs(a.value - b.value) <= 1e-4 * abs(a.value), "\(a.name)") }
        for (a, b) in zip(wholeParameters, partParameters) { #expect(try a.relativeDifference(to: b) < 1e-5) }
    }

    @Test func partsGiveTheBatchsGradientWithFlippedLabelsToo() throws {
        func play(_ microBatch: Int) throws -> [Tensor] {
            try statistics(microBatch: microBatch) { $0.labels = LabelNoise(smoothing: 0.1, flips: 0.3) }.1
        }
        for (a, b) in zip(try play(11), try play(4)) { #expect(try a.relativeDifference(to: b) < 1e-5) }
    }

    @Test func packedExamplesAreJudgedInSets() throws {
        try RandomNumbers.exclusively(seed: 1) {
            // A discriminator of four numbers that sees only what comes second in a pair.
            let judge = try Linear(4, 1, bias: false)
            try withoutGradients {
                try judge.weight.copyInPlace(from: Tensor([0, 0, 1, 0] as [Float], shape: [1, 4]))
            }
            let discriminator = try Player(judge) { try SGD($0, learningRate: 0) }
            let generator = try Player(Linear(3, 2)) { try SGD($0, learningRate: 0) }
            for microBatch in [2, 5] {
                var rules = Game.Rules(latent: LatentSpace(dimensions: 3), microBatch: microBatch)
                rules.packing = 2
                let game = Game(
                    generator: generator, discriminator: discriminator, loss: WassersteinLoss(), rules: rules)
                // Five points are two pairs, and the fifth is left over: minus the mean of 3 and 7.
                let real = try Tensor((1...10).map(Float.init), shape: [5, 2])
                let values = try game.step(real).read()
                #expect(abs((values.first { $0.name == "loss_discriminator_real" }?.value ?? 0) + 5) < 1e-6)
                // One alone is paired with itself.
                let single = try game.step(real.slice(1..<2)).read()
                #expect(abs((single.first { $0.name == "loss_discriminator_real" }?.value ?? 0) + 3) < 1e-6)
            }
        }
    }

    @Test func lazyPenaltiesCountAsManyTimesOver() throws {
        func play(_ step: Int, weight: Double, interval: Int) throws -> [Tensor] {
            try statistics(microBatch: 11, step: step) {
                $0.penalties = [
                    WeightedPenalty("r1", ZeroCenteredPenalty(at: .real), weight: weight, interval: interval)
                ]
            }.1
        }
        let lazy = try play(5, weight: 0.5, interval: 4)
        for (a, b) in zip(lazy, try play(1, weight: 2, interval: 1)) { #expect(try a.isIdentical(to: b)) }
        for (a, b) in zip(try play(2, weight: 0.5, interval: 4), try play(2, weight: 0, interval: 1)) {
            #expect(try a.relativeDifference(to: b) < 1e-6)
        }
    }

    @Test func weightsAndGradientsAreCut() throws {
        let (_, clipped) = try statistics(microBatch: 11, loss: WassersteinLoss()) { $0.weightClip = 0.01 }
        let (_, free) = try statistics(microBatch: 11, loss: WassersteinLoss())
        let largest = try clipped.map { try $0.magnitude().maximum().item() }
        #expect(largest.suffix(4).allSatisfy { $0 <= 0.01000001 } && largest[0] > 0.01)
        #expect(try free.last?.isIdentical(to: clipped[clipped.count - 1]) == false)
    }

    /// A plain step of the size 0.1 moves the parameters by a tenth of the gradient, cut to its bound.
    @Test func longGradientsAreShortened() throws {
        let (_, before) = try statistics(microBatch: 11) { ($0.discriminatorClip, $0.generatorClip) = (1e-30, 1e-30) }
        for bound in [1e-3, 0.02, 1e6] {
            let (values, after) = try statistics(microBatch: 11) {
                ($0.discriminatorClip, $0.generatorClip) = (bound, bound)
            }
            // The discriminator's weights and biases of two convolutions and a linear layer come last.
            let players = [("generator", 0..<after.count - 6), ("discriminator", after.count - 6..<after.count)]
            for (name, range) in players {
                let squares = try range.map { try (after[$0] - before[$0]).to(.float64).squared().sum().item() }
                let moved = squares.reduce(0, +).squareRoot()
                // What is recorded is the gradient as it was.
                let norm = try #require(values.first { $0.name == "gradient_norm_\(name)" }?.value)
                #expect(abs(moved - 0.1 * min(norm, bound)) < 1e-3 * moved, "\(name) \(bound)")
            }
        }
    }

    @Test func noiseIsLaidOnWhatTheDiscriminatorSees() throws {
        try RandomNumbers.exclusively(seed: 1) {
            let judge = Witness(try Linear(2, 1))
            let discriminator = try Player(judge) { try SGD($0, learningRate: 0) }
            let generator = try Player(Linear(3, 2)) { try SGD($0, learningRate: 0) }
            var rules = Game.Rules(latent: LatentSpace(dimensions: 3), microBatch: 1000)
            rules.instanceNoise = InstanceNoise(deviation: 0.4, steps: 10)
            let game = Game(
                generator: generator, discriminator: discriminator, loss: NonSaturatingLoss(), rules: rules)
            // Of 2,000 numbers a deviation that is off by 0.03 is over four standard errors; the seed is fixed.
            for (step, deviation) in [(1, 0.4), (6, 0.2), (11, 0)] {
                judge.seen = []
                _ = try game.step(Tensor.zeros([1000, 2]), number: step)
                let real = try #require(judge.seen.first).to(.float64)
                #expect(try abs(real.squared().mean().item().squareRoot() - deviation) < 0.03, "step \(step)")
            }
        }
    }

    /// A network that keeps what it sees.
    private final class Witness: Module {
        let inner: any Module
        var seen: [Tensor] = []

        init(_ inner: any Module) { self.inner = inner }

        func callAsFunction(_ input: Tensor) throws -> Tensor {
            seen.append(try input.detached())
            return try inner(input)
        }

        func visit(_ visitor: StateVisitor) { visitor.module("inner", inner) }
    }
}
