import Foundation
import Networks
import TestSupport
import Testing
import Torch

@Suite struct SpectralNormTests {
    /// The largest singular value of a weight `[outputs, …]`.
    private func largest(_ weight: Tensor) throws -> Double {
        let matrix = try weight.detached().contiguous().reshaped([weight.shape[0], -1]).to(.float64)
        let values: [Double] = try matrix.matmul(matrix.transposed()).symmetricEigenvalues().values.values()
        return (values.max() ?? 0).squareRoot()
    }

    @Test func aNormalizedLayerStretchesNothingByMoreThanOne() throws {
        try RandomNumbers.exclusively(seed: 1) {
            let layer = try Linear(20, 12, bias: false)
            #expect(layer.normalizedLayers.isEmpty)
            let before = try layer(Tensor.ones([1, 20]))
            let sigma = try largest(layer.weight)
            try layer.normalizeSpectrally()
            for _ in 0..<200 { try layer.updateSpectralNorm() }
            #expect(try layer(Tensor.ones([1, 20])).relativeDifference(to: before / sigma) < 1e-4)
            #expect(Set(layer.state.map(\.name)) == ["weight_orig", "weight_u", "weight_v"])
            #expect(layer.parameters.count == 1)

            let convolution = try Conv2d(3, 5, kernel: 3)
            let image = try Tensor.randomNormal([2, 3, 6, 6])
            let plain = try image.conv2d(weight: convolution.weight, bias: nil)
            try convolution.normalizeSpectrally()
            for _ in 0..<200 { try convolution.updateSpectralNorm() }
            let bias = try #require(convolution.bias).reshaped([1, 5, 1, 1])
            let normalized = try convolution(image) - bias
            #expect(try normalized.relativeDifference(to: plain / largest(convolution.weight)) < 1e-4)

            // PyTorch's spectral_norm takes the second dimension of a transposed convolution's weight as the outputs.
            let growing = try ConvTranspose2d(3, 5, kernel: 4, stride: 2, padding: 1, bias: false)
            let small = try growing(image)
            let stretch = try largest(growing.weight.transposed(0, 1))
            try growing.normalizeSpectrally()
            for _ in 0..<200 { try growing.updateSpectralNorm() }
            #expect(try growing(image).relativeDifference(to: small / stretch) < 1e-4)
        }
    }

    @Test func gradientsGoThroughTheNorm() throws {
        try RandomNumbers.exclusively(seed: 2) {
            let layer = try Linear(4, 3, bias: false)
            try layer.normalizeSpectrally()
            let input = try Tensor.randomNormal([5, 4])
            let slopes: [Float] = try gradients(of: layer(input).squared().sum(), for: [layer.weight])[0].values()
            let numbers: [Float] = try layer.weight.detached().values()
            for place in numbers.indices {
                func value(_ change: Float) throws -> Double {
                    var moved = numbers
                    moved[place] += change
                    try withoutGradients { try layer.weight.copyInPlace(from: Tensor(moved, shape: [3, 4])) }
                    return try layer(input).squared().sum().item()
                }
                let difference = try (value(0.002) - value(-0.002)) / 0.004
                // Rounding of a sum of about 30 in single precision, over 0.004.
                #expect(abs(difference - Double(slopes[place])) < 0.01 * max(1, abs(difference)))
            }
        }
    }

    @Test func aStateIsKept() throws {
        try RandomNumbers.exclusively(seed: 3) {
            let image = ImageShape(channels: 1, size: 28)
            func network() throws -> ArticleDiscriminator {
                let network = try ArticleDiscriminator(width: 4, image: image)
                try network.normalizeSpectrally()
                return network
            }
            let (first, second) = (try network(), try network())
            let images = try Tensor.randomNormal([3, 1, 28, 28])
            try second.load(first.safetensors())
            #expect(try first(images).isIdentical(to: second(images)))
            #expect(first.state.count { $0.kind == .buffer } == 6)
        }
    }
}
