import Networks
import TestSupport
import Testing
import Torch

@Suite struct WeightLayerTests {
    @Test func layersAreNamedAsInTheCheckpoint() throws {
        try RandomNumbers.exclusively {
            let dcgan = try DCGANGenerator(latent: 6, width: 4, image: ImageShape(channels: 1, size: 28))
            #expect(dcgan.weightLayers.map(\.name) == ["main.1", "main.4", "main.7"])
            let article = try ArticleDiscriminator(
                width: 4, image: ImageShape(channels: 1, size: 28), minibatchKernels: 3)
            #expect(article.weightLayers.map(\.name) == ["convolve.0", "convolve.2", "convolve.5", "judge"])
            // Weights only: a bias or a scale of few numbers moves in other proportions.
            let names = article.state.filter { $0.kind == .parameter }.map(\.name)
            for layer in article.weightLayers {
                #expect(layer.positions.map { names[$0] } == ["\(layer.name).weight"])
            }
            let maxout = try MaxoutNetworks.discriminator(dimensions: 2, width: 5)
            #expect(maxout.weightLayers.map(\.name) == ["0.linear", "1.linear", "2.linear", "3"])
        }
    }

    /// A layer that stretches one direction by 7 and the others by up to 3.
    @Test func powerIterationFindsTheLargestSingularValue() throws {
        try RandomNumbers.exclusively {
            let layer = try Linear(4, 3)
            let network = Sequential(layer)
            try withoutGradients {
                try layer.weight.copyInPlace(
                    from: Tensor([Float(0), 7, 0, 0, 3, 0, 0, 0, 0, 0, 0, 2], shape: [3, 4]))
            }
            let before = try randomState()
            let generator = try RandomGenerator(seed: 5)
            let iteration = try #require(try network.weightLayers[0].powerIteration(from: generator))
            // The second value is 3/7 of the first, so that 15 turns leave (3/7)^30 of it.
            #expect(abs(try iteration.estimate(turns: 15).item() - 7) < 1e-5)
            try withoutGradients { try layer.weight.fillInPlace(0) }
            #expect(try iteration.estimate(turns: 3).item() == 0)
            // A layer of zeros must not leave it blind.
            try withoutGradients { try layer.weight.copyInPlace(from: Tensor.ones([3, 4])) }
            #expect(abs(try iteration.estimate(turns: 15).item() - 12.0.squareRoot()) < 1e-4)
            #expect(try randomState().isIdentical(to: before))
        }
    }

    @Test func aNormalizedLayerStretchesByOne() throws {
        try RandomNumbers.exclusively {
            let network = Sequential(try Conv2d(3, 8, kernel: 3), LeakyReLU(0.2), try ConvTranspose2d(8, 4, kernel: 4))
            try network.normalizeSpectrally()
            let state = try network.state.map { try $0.tensor.cloned() }
            let generator = try RandomGenerator(seed: 5)
            for layer in network.weightLayers {
                let iteration = try #require(try layer.powerIteration(from: generator))
                // Both estimates have had few turns, and lie up to some percent below the true value.
                #expect(abs(try iteration.estimate(turns: 30).item() - 1) < 0.1)
            }
            for (entry, before) in zip(network.state, state) { #expect(try entry.tensor.isIdentical(to: before)) }
        }
    }
}

@Suite struct ActivationTests {
    private func observed(_ network: any Module, _ input: Tensor) throws -> [(
        layer: String, kind: ActivationOutput.Kind, output: Tensor
    )] {
        var seen: [(layer: String, kind: ActivationOutput.Kind, output: Tensor)] = []
        _ = try withoutGradients {
            try network.watchingActivations({ seen.append(($0.layer, $0.kind, try $0.output.cloned())) }) {
                try network(input)
            }
        }
        return seen
    }

    @Test func unitsBelongToTheLayerBeforeThem() throws {
        try RandomNumbers.exclusively {
            let image = ImageShape(channels: 1, size: 28)
            let dcgan = try observed(DCGANGenerator(latent: 6, width: 4, image: image), Tensor.randomNormal([3, 6]))
            // Batch norm decides which units of a convolution can be positive.
            #expect(dcgan.map(\.layer) == ["main.2", "main.5", "main.7"])
            #expect(dcgan.map(\.kind) == [.rectifier(slope: 0), .rectifier(slope: 0), .tanh])
            let residual = try ResidualDiscriminator(width: 4, image: image)
            let layers = try observed(residual, Tensor.randomNormal([3, 1, 28, 28])).map(\.layer)
            #expect(layers.prefix(3) == ["main.0.main.0", "main.1.main.0", "main.1.main.1"])
        }
    }

    @Test func outputsAreShownBeforeTheyAreOverwritten() throws {
        let network = Sequential(ReLU(inPlace: false), LeakyReLU(0.5))
        let found = try observed(network, Tensor([Float(-2), 3], shape: [1, 2]))
        #expect(try found.map { try $0.output.values(as: Float.self) } == [[0, 3], [0, 3]])
        #expect(found.map(\.kind) == [.rectifier(slope: 0), .rectifier(slope: 0.5)])
    }

    @Test func errorsAreHandedOnAndListenersLeave() throws {
        struct Problem: Error {}
        let network = Sequential(ReLU(inPlace: false))
        let input = try Tensor.ones([1, 2])
        #expect(throws: Problem.self) {
            _ = try network.watchingActivations({ _ in throw Problem() }) { try network(input) }
        }
        _ = try network(input)
    }
}
