import Networks
import TestSupport
import Testing
import Torch

@Suite struct ResidualNetworkTests {
    private struct Pair {
        let generator, discriminator: any Module
    }

    private func networks(_ name: String, width: Int = 8, size: Int = 28, channels: Int = 1) throws -> Pair {
        let image = ImageShape(channels: channels, size: size)
        return name == "sngan"
            ? Pair(
                generator: try ResidualGenerator(latent: 5, width: width, image: image),
                discriminator: try ResidualDiscriminator(width: width, image: image))
            : Pair(
                generator: try R3GANGenerator(latent: 5, width: width, image: image),
                discriminator: try R3GANDiscriminator(width: width, image: image))
    }

    private func load(_ fixture: Safetensors, _ prefix: String, into network: any Module) throws {
        let own = fixture.tensors.filter { $0.key.hasPrefix(prefix) }
        try network.load(
            Safetensors(
                tensors: Dictionary(
                    uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) })))
    }

    @Test(arguments: ["sngan", "r3gan"])
    func outputsGradientsAndSecondDerivativesArePyTorchs(_ name: String) throws {
        let fixture = try Fixture.load("residual")
        let pair = try RandomNumbers.exclusively(seed: 1) { try networks(name) }
        try load(fixture, "\(name).generator.", into: pair.generator)
        try load(fixture, "\(name).discriminator.", into: pair.discriminator)
        let bytes = try Tensor(Fixture.discs(3), shape: [3, 1, 28, 28]).to(.float32)
        let real = try ((bytes / 255 - 0.5) / 0.5).requiringGradient()
        let logits = try pair.discriminator(real)
        #expect(try logits.relativeDifference(to: fixture.tensor("\(name).logits")) < 1e-5)
        let slope = try gradients(of: logits.sum(), for: [real], createGraph: true)[0]
        let penalty = try slope.squared().sum([1, 2, 3]).mean()
        #expect(try penalty.relativeDifference(to: fixture.tensor("\(name).penalty")) < 1e-5)
        // A penalty can be differentiated again.
        let seconds = try gradients(of: penalty, for: [pair.discriminator.parameters[0]])
        #expect(try seconds[0].isFinite().allTrue() && seconds[0].magnitude().maximum().item() > 0)
        let fake = try pair.generator(fixture.tensor("\(name).z"))
        #expect(try fake.relativeDifference(to: fixture.tensor("\(name).fake")) < 1e-4)
        let loss = try (-pair.discriminator(fake)).softplus().mean()
        let first = try #require(
            pair.generator.state.first { $0.name == (name == "r3gan" ? "main.0.scale.weight" : "main.0.weight") })
        #expect(
            try gradients(of: loss, for: [first.tensor])[0].relativeDifference(to: fixture.tensor("\(name).slope"))
                < 1e-3)
    }

    @Test(arguments: ["sngan", "r3gan"], ImageShape.sizes)
    func everySizeFits(_ name: String, _ size: Int) throws {
        try RandomNumbers.exclusively(seed: 1) {
            let pair = try networks(name, size: size, channels: 3)
            let images = try pair.generator(Tensor.randomNormal([2, 5]))
            #expect(images.shape == [2, 3, size, size])
            #expect(try pair.discriminator(images).shape == [2, 1])
            #expect(!pair.discriminator.dependsOnBatch && pair.generator.dependsOnBatch == (name == "sngan"))
        }
    }

    @Test func r3GANsBlocksStartAsTheIdentity() throws {
        try RandomNumbers.exclusively(seed: 1) {
            let discriminator = try networks("r3gan", width: 16).discriminator
            for entry in discriminator.state
            where entry.name.hasSuffix("main.4.weight") && entry.name != "main.4.weight" {
                #expect(try entry.tensor.magnitude().maximum().item() == 0, "\(entry.name)")
            }
            // So what is left is a linear function of the image.
            let (a, b) = (try Tensor.randomNormal([2, 1, 28, 28]), try Tensor.randomNormal([2, 1, 28, 28]))
            let sum = try discriminator(a + b)
            #expect(try sum.relativeDifference(to: discriminator(a) + discriminator(b)) < 1e-4)
        }
    }
}
