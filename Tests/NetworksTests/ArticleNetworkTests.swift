import Foundation
import Networks
import TestSupport
import Testing
import Torch

@Suite struct ArticleNetworkTests {
    private let image = ImageShape(channels: 1, size: 28)

    private func networks() throws -> (ArticleGenerator, ArticleDiscriminator) {
        try RandomNumbers.exclusively(seed: 7) {
            (
                try ArticleGenerator(latent: 16, width: 8, image: image),
                try ArticleDiscriminator(width: 8, image: image)
            )
        }
    }

    @Test func theInitializationIsPyTorchs() throws {
        let fixture = try Fixture.load("networks")
        let (generator, discriminator) = try networks()
        for (prefix, network) in [("generator.", generator as any Module), ("discriminator.", discriminator)] {
            for entry in network.state {
                // The same generator and bounds: the same bits.
                #expect(try entry.tensor.isIdentical(to: fixture.tensor(prefix + entry.name)), "\(prefix)\(entry.name)")
            }
        }
    }

    @Test func outputsAndGradientsArePyTorchs() throws {
        let fixture = try Fixture.load("networks")
        let (generator, discriminator) = try networks()
        let fake = try generator(fixture.tensor("z"))
        let logits = try discriminator(fake)
        let loss = try (-logits).softplus().mean()
        // Float32 sums in another order: a few units in the last place.
        #expect(try fake.relativeDifference(to: fixture.tensor("fake")) < 1e-5)
        #expect(try logits.relativeDifference(to: fixture.tensor("logits")) < 1e-5)
        #expect(try loss.relativeDifference(to: fixture.tensor("loss")) < 1e-6)
        let slopes = try gradients(of: loss, for: generator.parameters)
        for (entry, slope) in zip(generator.state, slopes) {
            #expect(try slope.relativeDifference(to: fixture.tensor("slope." + entry.name)) < 1e-4, "\(entry.name)")
        }
    }

    @Test func secondDerivativesThroughConvolutionsArePyTorchs() throws {
        let fixture = try Fixture.load("networks")
        let (_, discriminator) = try networks()
        let bytes = try Tensor(Fixture.discs(5), shape: [5, 1, 28, 28]).to(.float32)
        let x = try ((bytes / 255 - 0.5) / 0.5).requiringGradient()
        let slope = try gradients(of: discriminator(x).sum(), for: [x], createGraph: true)[0]
        let penalty = try (slope.flattened(from: 1).norm([1]) - 1).squared().mean()
        #expect(try penalty.relativeDifference(to: fixture.tensor("penalty")) < 1e-5)
        let seconds = try gradients(of: penalty, for: discriminator.parameters)
        for (entry, second) in zip(discriminator.state, seconds) {
            #expect(try second.relativeDifference(to: fixture.tensor("second." + entry.name)) < 1e-4, "\(entry.name)")
        }
    }

    @Test func aStateGoesThroughAFileIntoAnotherNetwork() throws {
        let directory = try TemporaryFolder()
        let url = directory.url.appending(path: "generator.safetensors")
        let (generator, _) = try networks()
        try generator.safetensors().write(to: url)
        let other = try RandomNumbers.exclusively(seed: 8) {
            try ArticleGenerator(latent: 16, width: 8, image: image)
        }
        try other.load(Safetensors(contentsOf: url))
        for (a, b) in zip(generator.state, other.state) { #expect(try a.tensor.isIdentical(to: b.tensor)) }
        let narrow = try RandomNumbers.exclusively { try ArticleGenerator(latent: 16, width: 4, image: image) }
        #expect(throws: TorchError.self) { try narrow.load(Safetensors(contentsOf: url)) }
        var more = try Safetensors(contentsOf: url)
        more.tensors["stranger"] = try Tensor.zeros([1])
        #expect(throws: TorchError.self) { try other.load(more) }
    }

    @Test(arguments: ImageShape.sizes, [1, 3])
    func everySizeFits(size: Int, channels: Int) throws {
        try RandomNumbers.exclusively {
            let image = ImageShape(channels: channels, size: size)
            let pairs: [(any Module, any Module)] = [
                (
                    try ArticleGenerator(latent: 5, width: 3, image: image),
                    try ArticleDiscriminator(width: 3, image: image)
                ),
                (
                    try DCGANGenerator(latent: 5, width: 3, image: image),
                    try DCGANDiscriminator(width: 3, image: image)
                ),
            ]
            for (generator, discriminator) in pairs {
                let images = try generator(Tensor.randomNormal([2, 5]))
                #expect(images.shape == [2, channels, size, size])
                #expect(try (images.magnitude() .<= 1).allTrue())
                #expect(try discriminator(images).shape == [2, 1])
            }
        }
    }
}

@Suite struct DCGANTests {
    @Test func initializationAndBothModesArePyTorchs() throws {
        let fixture = try Fixture.load("dcgan")
        let generator = try RandomNumbers.exclusively(seed: 11) {
            try DCGANGenerator(latent: 10, width: 8, image: ImageShape(channels: 1, size: 28))
        }
        for entry in generator.state {
            #expect(try entry.tensor.isIdentical(to: fixture.tensor("state." + entry.name)), "\(entry.name)")
        }
        let z = try fixture.tensor("z")
        #expect(generator.dependsOnBatch)
        #expect(try generator(z).relativeDifference(to: fixture.tensor("training")) < 1e-4)
        let state = Dictionary(uniqueKeysWithValues: generator.state.map { ($0.name, $0.tensor) })
        let mean = try #require(state["main.2.running_mean"])
        let variance = try #require(state["main.2.running_var"])
        #expect(try mean.relativeDifference(to: fixture.tensor("running_mean")) < 1e-4)
        #expect(try variance.relativeDifference(to: fixture.tensor("running_var")) < 1e-5)
        let evaluated = try generator.whileEvaluating { try generator(z) }
        #expect(try evaluated.relativeDifference(to: fixture.tensor("evaluating")) < 1e-4)
        #expect(try state["main.2.num_batches_tracked"]?.item() == 1)
    }
}
