import Adversarial
import Networks
import TestSupport
import Testing
import Torch

@Suite struct GameTests {
    private func statistics(microBatch: Int, discriminatorSteps: Int = 1) throws -> (
        [(name: String, value: Double)], [Tensor]
    ) {
        try RandomNumbers.exclusively(seed: 1) {
            let picture = PictureShape(channels: 1, size: 28)
            let generator = try Player(ArticleGenerator(latent: 6, width: 4, picture: picture)) {
                try SGD($0, learningRate: 0.1)
            }
            let discriminator = try Player(ArticleDiscriminator(width: 4, picture: picture)) {
                try SGD($0, learningRate: 0.1)
            }
            let game = Game(
                generator: generator, discriminator: discriminator, loss: NonSaturatingLoss(),
                rules: Game.Rules(latent: 6, discriminatorSteps: discriminatorSteps, microBatch: microBatch))
            let real = try Tensor(Fixture.discs(11), shape: [11, 1, 28, 28]).to(.float32) / 127.5 - 1
            let values = try game.step(real).read()
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
}
