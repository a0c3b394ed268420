import Networks
import TestSupport
import Testing
import Torch

/// Networks for points, and BEGAN's autoencoders, against PyTorch's: see `perceptrons` in `Scripts/make_stabilizer_fixtures.py`.
@Suite struct PerceptronTests {
    private static func network(_ name: String) throws -> any Module {
        func perceptron(_ inputs: Int, _ hidden: Int, _ outputs: Int) throws -> MultilayerPerceptron {
            try MultilayerPerceptron(
                inputs, hidden: Array(repeating: 8, count: hidden), outputs, activation: { LeakyReLU(0.2) })
        }
        let image = ImageShape(channels: 1, size: 28)
        return switch name {
        case "generator": try MultilayerPerceptron(3, hidden: [8, 8, 8], 2, activation: { ReLU() })
        case "discriminator": try perceptron(2, 3, 1)
        case "points": AutoencoderDiscriminator(encoder: try perceptron(2, 2, 1), decoder: try perceptron(1, 2, 2))
        default:
            AutoencoderDiscriminator(
                encoder: try ArticleDiscriminator(width: 4, image: image, outputs: 5),
                decoder: try ArticleGenerator(latent: 5, width: 4, image: image, isBounded: false))
        }
    }

    @Test(arguments: ["generator", "discriminator", "points", "images"])
    func outputsAndGradientsArePyTorchs(_ name: String) throws {
        let fixture = try Fixture.load("perceptrons")
        let network = try RandomNumbers.exclusively { try Self.network(name) }
        let prefix = "\(name).state."
        let own = fixture.tensors.filter { $0.key.hasPrefix(prefix) }
        try network.load(
            Safetensors(
                tensors: Dictionary(
                    uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) })))
        let output = try network(fixture.tensor("\(name).x"))
        #expect(try output.relativeDifference(to: fixture.tensor("\(name).out")) < 1e-5)
        let slope = try gradients(of: output.squared().sum(), for: [network.parameters[0]])[0]
        #expect(try slope.relativeDifference(to: fixture.tensor("\(name).slope")) < 1e-4)
    }
}
