import Foundation
import Networks
import TestSupport
import Testing
import Torch

@Suite struct MaxoutTests {
    @Test func theLargestPieceCounts() throws {
        try RandomNumbers.exclusively(seed: 1) {
            let layer = try Maxout(3, 2, pieces: 4)
            let input = try Tensor.randomNormal([5, 3])
            let pieces: [Float] = try layer.linear(input).values()
            let output: [Float] = try layer(input).values()
            for row in 0..<5 {
                for unit in 0..<2 {
                    let start = row * 8 + unit * 4
                    #expect(output[row * 2 + unit] == pieces[start..<start + 4].max())
                }
            }
            #expect(layer.state.map(\.name) == ["linear.weight", "linear.bias"])
        }
    }

    @Test func pacGANsNetworks() throws {
        try RandomNumbers.exclusively(seed: 1) {
            let generator = try MaxoutNetworks.generator(latent: 2, width: 40, dimensions: 2)
            let discriminator = try MaxoutNetworks.discriminator(dimensions: 4, width: 20)
            let points = try generator(Tensor.randomNormal([6, 2]))
            #expect(points.shape == [6, 2])
            #expect(try discriminator(points.reshaped([3, 4])).shape == [3, 1])
            #expect(generator.dependsOnBatch && !discriminator.dependsOnBatch)
            // Weights of deviation 0.02, biases of 0.
            let weight = try discriminator.parameters[2].to(.float64)
            #expect(try abs(weight.variance([0, 1], correction: 0).item().squareRoot() - 0.02) < 0.001)
            #expect(try discriminator.parameters[1].magnitude().maximum().item() == 0)
        }
    }
}
