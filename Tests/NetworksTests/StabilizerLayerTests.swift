import Networks
import TestSupport
import Testing
import Torch

@Suite struct StabilizerLayerTests {
    @Test(arguments: ["points", "images"])
    func minibatchDiscriminationIsTheFormulas(_ kind: String) throws {
        let fixture = try Fixture.load("layers")
        func tensor(_ name: String) throws -> Tensor { try fixture.tensor("minibatch.\(kind).\(name)") }
        let input = try tensor("x").requiringGradient()
        let layer = try RandomNumbers.exclusively {
            try MinibatchDiscrimination(tensor("weight").shape[0], kernels: 3, dimensions: 4)
        }
        try withoutGradients { try layer.weight.copyInPlace(from: tensor("weight")) }
        let output = try layer(input)
        #expect(try output.relativeDifference(to: tensor("out")) < 1e-6)
        let slopes = try gradients(of: output.squared().sum(), for: [input, layer.weight])
        #expect(try slopes[0].relativeDifference(to: tensor("x_slope")) < 1e-5)
        #expect(try slopes[1].relativeDifference(to: tensor("weight_slope")) < 1e-5)
        #expect(layer.dependsOnBatch)
    }

    @Test(arguments: ["points", "images"])
    func virtualBatchNormIsBatchNormAmongAFixedBatch(_ kind: String) throws {
        let fixture = try Fixture.load("layers")
        func tensor(_ name: String) throws -> Tensor { try fixture.tensor("virtual.\(kind).\(name)") }
        let input = try tensor("x").requiringGradient()
        let layer = try VirtualBatchNorm(3, reference: 5)
        try withoutGradients {
            try layer.weight.copyInPlace(from: tensor("weight"))
            try layer.bias.copyInPlace(from: tensor("bias"))
        }
        let output = try layer(input)
        #expect(try output.relativeDifference(to: tensor("out")) < 1e-5)
        let slopes = try gradients(of: (output * output * output).sum(), for: [input, layer.weight, layer.bias])
        for (slope, name) in zip(slopes, ["x_slope", "weight_slope", "bias_slope"]) {
            #expect(try slope.relativeDifference(to: tensor(name)) < 1e-4, "\(name)")
        }
    }

    @Test func withVirtualBatchNormAnExampleStandsAlone() throws {
        try RandomNumbers.exclusively(seed: 1) {
            let image = ImageShape(channels: 1, size: 28)
            let network = ReferencedNetwork(
                try DCGANGenerator(latent: 6, width: 4, image: image, normalization: .virtualBatch(reference: 7)),
                reference: try Tensor.randomNormal([7, 6]))
            #expect(!network.dependsOnBatch)
            let latent = try Tensor.randomNormal([3, 6])
            let all = try network(latent)
            #expect(all.shape == [3, 1, 28, 28])
            #expect(try network(latent.slice(1..<2)).relativeDifference(to: all.slice(1..<2)) < 1e-5)
            #expect(try network.whileEvaluating { try network(latent) }.isIdentical(to: all))
            #expect(
                network.state.contains { $0.name == "reference" }
                    && network.state.contains { $0.name == "main.1.weight" })
        }
    }

    @Test func layersAreFoundByName() throws {
        try RandomNumbers.exclusively(seed: 1) {
            let image = ImageShape(channels: 1, size: 28)
            let article = try ArticleDiscriminator(width: 4, image: image, minibatchKernels: 3)
            #expect(article.layerNames == (0..<6).map { "convolve.\($0)" })
            #expect(article.lastHiddenLayer == "convolve.3")
            let residual = try ResidualDiscriminator(width: 8, image: image)
            #expect(residual.lastHiddenLayer == "main.4")
            #expect(residual.layerNames.contains("main.0.shortcut.1"))
            let input = try Tensor.randomNormal([2, 1, 28, 28])
            let plain = try article(input)
            let (output, result) = try article.withOutput(of: "convolve.3") { try article(input) }
            #expect(output?.shape == [2, 4, 7, 7])
            #expect(try result.isIdentical(to: plain))
            #expect(try article.withOutput(of: "no.such") { try article(input) }.output == nil)
        }
    }
}
