public import Torch

/// A layer with its own trainable weight, either a matrix or a convolution kernel.
public struct WeightLayer {
    /// The layer's name, which is the `state_dict` key of its weight without the last component, such as `main.3`.
    public let name: String
    /// The indices of its weights among the network's parameters, excluding biases and scales.
    public let positions: [Int]
    /// The layer, if it applies its weight as a matrix; `nil` for other weights, such as a learned image.
    private let spectral: (any SpectralLayer)?

    fileprivate init(name: String, positions: [Int], spectral: (any SpectralLayer)?) {
        self.name = name
        self.positions = positions
        self.spectral = spectral
    }

    /// How much the layer amplifies noise: the root mean square of the row norms of its matrix, ‖W‖ / √outputs. A
    /// scalar on the device; `nil` if the layer has no matrix.
    ///
    /// PyTorch's default initialization gives 1/√3, He initialization √2 (arXiv 1502.01852, equation 10).
    public func gain() throws -> Tensor? {
        try withoutGradients {
            try spectral.map { layer in
                let weight = try layer.appliedWeight.detached()
                // Dividing by the largest magnitude keeps the squares of huge weights from overflowing.
                let scale = try weight.magnitude().maximum(over: []) + 1e-30
                let outputs = Double(layer.weight.shape[layer.outputDimension])
                return try (weight / scale).norm() * scale / outputs.squareRoot()
            }
        }
    }

    /// Returns a power iteration that estimates the largest singular value of the layer's matrix; `nil` if it has none.
    ///
    /// - Parameter generator: draws the initial vector, on the CPU.
    public func powerIteration(from generator: RandomGenerator) throws -> PowerIteration? {
        try spectral.map { try PowerIteration($0, from: generator) }
    }
}

/// Power iteration on the matrix that a layer applies. It keeps its own vector, so it changes neither the layer nor its
/// spectral normalization.
///
/// A convolution kernel is treated as a matrix `[outputs, inputs · height · width]`, as in spectral normalization
/// (Miyato et al. 2018, arXiv 1802.05957).
public final class PowerIteration {
    private let layer: any SpectralLayer
    /// The left singular vector, `[outputs]`, of unit norm.
    private var left: Tensor

    fileprivate init(_ layer: any SpectralLayer, from generator: RandomGenerator) throws {
        self.layer = layer
        let start = try Tensor.randomNormal([layer.weight.shape[layer.outputDimension]], from: generator)
        left = try (start / start.norm()).to(layer.weight.device)
    }

    /// Runs at least one iteration and returns the estimate, a scalar on the device. It approaches the largest singular
    /// value from below.
    public func estimate(turns: Int) throws -> Tensor {
        try withoutGradients {
            let matrix = try SpectralNorm.matrix(layer.appliedWeight, layer.outputDimension).detached()
            var norm = try left.norm()
            for _ in 0..<max(1, turns) {
                let right = try matrix.transposed().matmul(left.unsqueezed(1))
                let product = try matrix.matmul(right / (right.norm() + 1e-30)).squeezed(1)
                norm = try product.norm()
                // Some residual blocks start with a zero matrix, which would otherwise reset the vector to zero.
                let next = try product + left * 1e-20
                left = try next / next.norm()
            }
            return norm
        }
    }
}

extension Module {
    /// The layers whose weights have two or more dimensions, in order of construction.
    public var weightLayers: [WeightLayer] {
        let modules = Dictionary(namedModules.map { ($0.name, $0.module) }) { first, _ in first }
        var names: [String] = []
        var positions: [String: [Int]] = [:]
        for (position, entry) in state.filter({ $0.kind == .parameter }).enumerated() where entry.tensor.rank >= 2 {
            let name = entry.name.split(separator: ".").dropLast().joined(separator: ".")
            if positions[name] == nil { names.append(name) }
            positions[name, default: []].append(position)
        }
        return names.map { name in
            WeightLayer(
                name: name, positions: positions[name] ?? [], spectral: modules[name] as? any SpectralLayer)
        }
    }
}
