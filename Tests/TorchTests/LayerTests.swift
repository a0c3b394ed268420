import Foundation
import TestSupport
import Testing
import Torch

/// Kernels on inputs small enough to work out by hand.
@Suite struct LayerTests {
    private let image = Result { try Tensor([1, 2, 3, 4] as [Float], shape: [1, 1, 2, 2]) }

    @Test func convolutions() throws {
        let image = try image.get()
        let kernel = try Tensor([1, 0, 0, -1] as [Float], shape: [1, 1, 2, 2])
        #expect(try image.conv2d(weight: kernel, bias: nil).item() == -3)
        #expect(try image.conv2d(weight: kernel, bias: Tensor([10] as [Float]), padding: 1).shape == [1, 1, 3, 3])
        let up = try image.convTranspose2d(weight: kernel, bias: nil, stride: 2)
        #expect(try up.values(as: Float.self) == [1, 0, 2, 0, 0, -1, 0, -2, 3, 0, 4, 0, 0, -3, 0, -4])
        #expect(
            try image.convTranspose2d(weight: Tensor.zeros([1, 3, 4, 4]), bias: nil, stride: 2, padding: 1).shape == [
                1, 3, 4, 4,
            ])
        let row = try Tensor([1, 2] as [Float], shape: [1, 2])
        let weight = try Tensor([3, 4] as [Float], shape: [1, 2])
        #expect(try row.linear(weight: weight, bias: Tensor([0.5] as [Float])).item() == 11.5)
    }

    /// Few output channels take another way through the CPU; the sums are the same, whichever way they are made.
    @Test(arguments: [1, 3], [0, 1, 2])
    func aNarrowConvolutionIsAConvolution(outputs: Int, padding: Int) throws {
        let generator = try RandomGenerator(seed: 4)
        let image = try Tensor.randomNormal([2, 32, 6, 5], from: generator).channelsLast().requiringGradient()
        let weight = try Tensor.randomNormal([outputs, 32, 3, 3], from: generator).requiringGradient()
        let bias = try Tensor.randomNormal([outputs], from: generator).requiringGradient()
        func results(_ dtype: DType) throws -> [Tensor] {
            let y = try image.to(dtype).conv2d(weight: weight.to(dtype), bias: bias.to(dtype), padding: padding)
            let first = try gradients(of: y.sine().sum(), for: [image, weight, bias], createGraph: true)
            let second = try gradients(of: first[0].squared().sum(), for: [weight])
            return [y] + first + second
        }
        // In double precision the usual kernel runs.
        for (narrow, usual) in try zip(results(.float32), results(.float64)) {
            // Outputs reach 60, where a float is known to 4e-6 and so is its sine.
            #expect(try narrow.relativeDifference(to: usual) < 1e-4)
        }
    }

    @Test func normalizations() throws {
        let image = try image.get()
        let spread = Float(1.25 + 1e-5).squareRoot()
        let expected: [Float] = [-1.5, -0.5, 0.5, 1.5].map { $0 / spread }
        let mean = try Tensor.zeros([1])
        let variance = try Tensor.ones([1])
        let batch = try image.batchNorm(
            weight: nil, bias: nil, runningMean: mean, runningVariance: variance, training: true)
        for normalized in [
            batch, try image.layerNorm([1, 2, 2], weight: nil, bias: nil),
            try image.instanceNorm(weight: nil, bias: nil),
        ] {
            let values: [Float] = try normalized.values()
            for (value, expected) in zip(values, expected) { #expect(abs(value - expected) < 1e-6) }
        }
        // Running statistics move by a tenth towards the batch's mean 2.5 and unbiased variance 5/3.
        #expect(try abs(mean.item() - 0.25) < 1e-6 && abs(variance.item() - (0.9 + 0.5 / 3)) < 1e-6)
    }

    @Test func activations() throws {
        let x = try Tensor([-2, 0, 3] as [Float])
        func values(_ tensor: Tensor) throws -> [Float] { try tensor.values() }
        #expect(try values(x.relu()) == [0, 0, 3])
        #expect(try values(x.leakyReLU(slope: 0.5)) == [-1, 0, 3])
        #expect(try abs(x.softplus().selecting(1).item() - log(2)) < 1e-6)
        #expect(try abs(x.sigmoid().selecting(2).item() - 1 / (1 + exp(-3))) < 1e-6)
        #expect(try abs(x.tanh().selecting(2).item() - tanh(3)) < 1e-6)
        #expect(try abs(x.silu().selecting(2).item() - 3 / (1 + exp(-3))) < 1e-6)
        #expect(try abs(x.elu().selecting(0).item() - (exp(-2) - 1)) < 1e-6)
        #expect(try abs(x.softmax(0).sum().item() - 1) < 1e-6)
        #expect(try values(x.leakyReLU(slope: 0.5, inPlace: true)) == values(x))
    }

    @Test func poolingAndResampling() throws {
        let image = try image.get()
        #expect(try image.maxPool2d(kernel: 2).item() == 4 && image.averagePool2d(kernel: 2).item() == 2.5)
        #expect(try image.resampled(height: 4, width: 4).values(as: Float.self).prefix(4) == [1, 1, 2, 2])
        #expect(try image.resampled(height: 1, width: 1, by: .antialiased).item() == 2.5)
        // The corners, a place between all four pixels, one between the upper two, and one outside.
        let places = try Tensor([-1, -1, 1, -1, -1, 1, 0, 0, 0, -1, 5, 5] as [Float], shape: [1, 1, 6, 2])
        #expect(try image.sampled(at: places).values(as: Float.self) == [1, 2, 3, 2.5, 1.5, 0])
        #expect(
            try image.resampled(height: 3, width: 3, by: .bilinear).selecting(0).selecting(0).selecting(1).selecting(1)
                .item() == 2.5)
        #expect(try Tensor.zeros([1, 8, 2, 2]).pixelShuffled(by: 2).shape == [1, 2, 4, 4])
    }

    @Test func losses() throws {
        let logits = try Tensor([0, 2] as [Float], shape: [2, 1])
        let targets = try Tensor([1, 0] as [Float], shape: [2, 1])
        let expected = (log(2) + log(1 + exp(2.0))) / 2
        #expect(try abs(logits.binaryCrossEntropyWithLogits(targets).item() - expected) < 1e-6)
        let classes = try Tensor([0 as Int64])
        #expect(try abs(Tensor([1, 1] as [Float], shape: [1, 2]).crossEntropy(classes).item() - log(2)) < 1e-6)
        #expect(try logits.meanSquaredError(targets).item() == 2.5)
        // Far out, where a probability would round to 0 or 1, the loss from the logit stays exact.
        #expect(try Tensor([-200] as [Float]).binaryCrossEntropyWithLogits(Tensor([1] as [Float])).item() == 200)
    }
}
