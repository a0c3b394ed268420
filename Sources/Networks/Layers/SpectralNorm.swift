public import Torch

/// Divides a weight by its largest singular value σ, so that a layer stretches no vector by more than 1. Power
/// iteration, one iteration after each update, estimates σ = uᵀWv.
///
/// Source: Miyato et al. 2018 (arXiv 1802.05957), algorithm 1; names as in PyTorch's `torch.nn.utils.spectral_norm`.
public final class SpectralNorm {
    /// The singular vectors, `[outputs]` and `[inputs]`, each of unit norm.
    let u, v: Tensor
    private let outputDimension: Int

    /// - Parameters:
    ///   - weight: a layer's weight, of any shape. `u` is drawn from the default random generator, on the CPU.
    ///   - outputDimension: the dimension of the weight that indexes the outputs.
    init(_ weight: Tensor, outputDimension: Int = 0) throws {
        self.outputDimension = outputDimension
        let matrix = try SpectralNorm.matrix(weight, outputDimension)
        let start = try Tensor.randomNormal([matrix.shape[0]]).to(weight.device)
        u = try start / start.norm()
        v = try Tensor.zeros([matrix.shape[1]], device: weight.device)
        // PyTorch also runs 15 iterations before the first step.
        for _ in 0..<15 { try turn(weight) }
    }

    static func matrix(_ weight: Tensor, _ outputDimension: Int) throws -> Tensor {
        let outputsFirst = outputDimension == 0 ? weight : try weight.transposed(0, outputDimension)
        return try outputsFirst.contiguous().reshaped([weight.shape[outputDimension], -1])
    }

    /// Runs one iteration of power iteration on the current weight.
    func turn(_ weight: Tensor) throws {
        try withoutGradients {
            let matrix = try SpectralNorm.matrix(weight, outputDimension)
            let right = try matrix.transposed().matmul(u.unsqueezed(1)).squeezed(1)
            try v.copyInPlace(from: right / (right.norm() + 1e-12))
            let left = try matrix.matmul(v.unsqueezed(1)).squeezed(1)
            try u.copyInPlace(from: left / (left.norm() + 1e-12))
        }
    }

    /// Returns the weight divided by σ; gradients flow through σ too.
    func callAsFunction(_ weight: Tensor) throws -> Tensor {
        let product = try SpectralNorm.matrix(weight, outputDimension).matmul(v.unsqueezed(1)).squeezed(1)
        return try weight / (product * u).sum()
    }
}

/// A layer whose weight can be spectrally normalized.
public protocol SpectralLayer: Module {
    var weight: Tensor { get }
    /// The dimension of the weight that indexes the outputs.
    var outputDimension: Int { get }
    var spectralNorm: SpectralNorm? { get set }
}

extension SpectralLayer {
    public var outputDimension: Int { 0 }

    /// The weight that the layer applies, normalized if it has spectral normalization.
    var appliedWeight: Tensor {
        get throws { try spectralNorm.map { try $0(weight) } ?? weight }
    }

    /// Call after each update of the weight; runs one power iteration if the weight is normalized.
    public func updateSpectralNorm() throws { try spectralNorm?.turn(weight) }

    func visitWeight(_ visitor: StateVisitor) {
        visitor.parameter(spectralNorm == nil ? "weight" : "weight_orig", weight)
        visitor.buffer("weight_u", spectralNorm?.u)
        visitor.buffer("weight_v", spectralNorm?.v)
    }
}

extension Module {
    private var spectralLayers: [any SpectralLayer] { innerModules.compactMap { $0 as? any SpectralLayer } }

    /// The layers with spectral normalization.
    public var normalizedLayers: [any SpectralLayer] { spectralLayers.filter { $0.spectralNorm != nil } }

    /// Adds spectral normalization to all linear layers and convolutions.
    public func normalizeSpectrally() throws {
        for layer in spectralLayers {
            layer.spectralNorm = try SpectralNorm(layer.weight, outputDimension: layer.outputDimension)
        }
    }
}
