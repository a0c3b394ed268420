public import Torch

/// A layer with a weight of its own: a matrix or a kernel that an optimizer trains.
public struct WeightLayer {
    /// The layer's name, as in the network's `state_dict` without the parameter's own name, such as `main.3`.
    public let name: String
    /// The positions of its weights among the network's parameters; biases and scales do not count.
    public let positions: [Int]
    /// The matrix that the layer applies; `nil` for a weight that is not one, such as a learned image.
    private let spectral: (any SpectralLayer)?

    fileprivate init(name: String, positions: [Int], spectral: (any SpectralLayer)?) {
        self.name = name
        self.positions = positions
        self.spectral = spectral
    }

    /// How much the layer amplifies noise: the root mean square of the lengths of its matrix's rows, ‖W‖ / √outputs. A scalar on the device; `nil` if it
    /// has no matrix.
    ///
    /// PyTorch's default is 1/√3, He's √2 (arXiv 1502.01852, equation 10).
    public func gain() throws -> Tensor? {
        try withoutGradients {
            try spectral.map { layer in
                let weight = try layer.appliedWeight.detached()
                // Squares of huge weights would overflow.
                let scale = try weight.magnitude().maximum(over: []) + 1e-30
                let outputs = Double(layer.weight.shape[layer.outputDimension])
                return try (weight / scale).norm() * scale / outputs.squareRoot()
            }
        }
    }

    /// A search for the largest singular value of the layer's matrix; `nil` if it has none.
    ///
    /// - Parameter generator: draws the first vector, on the CPU.
    public func powerIteration(from generator: RandomGenerator) throws -> PowerIteration? {
        try spectral.map { try PowerIteration($0, from: generator) }
    }
}

/// Power iteration on the matrix that a layer applies, with a vector of its own: the layer and its spectral normalization, if it has one, stay as they are.
///
/// A kernel counts as the matrix `[outputs, inputs · height · width]`, as in spectral normalization (Miyato et al. 2018, arXiv 1802.05957).
public final class PowerIteration {
    private let layer: any SpectralLayer
    /// `[outputs]`, of length 1.
    private var left: Tensor

    fileprivate init(_ layer: any SpectralLayer, from generator: RandomGenerator) throws {
        self.layer = layer
        let start = try Tensor.randomNormal([layer.weight.shape[layer.outputDimension]], from: generator)
        left = try (start / start.norm()).to(layer.weight.device)
    }

    /// The estimate after some more turns, a scalar on the device; it approaches the largest singular value from below.
    public func estimate(turns: Int) throws -> Tensor {
        try withoutGradients {
            let matrix = try SpectralNorm.matrix(layer.appliedWeight, layer.outputDimension).detached()
            var norm = try left.norm()
            for _ in 0..<max(1, turns) {
                let right = try matrix.transposed().matmul(left.unsqueezed(1))
                let product = try matrix.matmul(right / (right.norm() + 1e-30)).squeezed(1)
                norm = try product.norm()
                // A matrix of zeros, with which some residual blocks start, must not swallow the vector.
                let next = try product + left * 1e-20
                left = try next / next.norm()
            }
            return norm
        }
    }
}

extension Module {
    /// The layers with weights of two or more dimensions, in the order of construction.
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
