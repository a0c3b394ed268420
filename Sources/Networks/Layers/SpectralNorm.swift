public import Torch

/// A weight divided by its largest singular value σ, so that a layer stretches nothing by more than 1. σ = uᵀWv is found by power iteration,
/// one turn after each update.
///
/// Source: Miyato et al. 2018 (arXiv 1802.05957), algorithm 1; names as in PyTorch's `torch.nn.utils.spectral_norm`.
public final class SpectralNorm {
    /// `[outputs]` and `[inputs]`, each of length 1.
    let u, v: Tensor
    private let outputDimension: Int

    /// - Parameters:
    ///   - weight: of a layer, of any shape. `u` is drawn from the default random generator, on the CPU.
    ///   - outputDimension: which dimension of the weight is that of the outputs.
    init(_ weight: Tensor, outputDimension: Int = 0) throws {
        self.outputDimension = outputDimension
        let matrix = try SpectralNorm.matrix(weight, outputDimension)
        let start = try Tensor.randomNormal([matrix.shape[0]]).to(weight.device)
        u = try start / start.norm()
        v = try Tensor.zeros([matrix.shape[1]], device: weight.device)
        // As many turns as PyTorch takes before the first step.
        for _ in 0..<15 { try turn(weight) }
    }

    static func matrix(_ weight: Tensor, _ outputDimension: Int) throws -> Tensor {
        let outputsFirst = outputDimension == 0 ? weight : try weight.transposed(0, outputDimension)
        return try outputsFirst.contiguous().reshaped([weight.shape[outputDimension], -1])
    }

    /// One turn of power iteration, on weights as they are now.
    func turn(_ weight: Tensor) throws {
        try withoutGradients {
            let matrix = try SpectralNorm.matrix(weight, outputDimension)
            let right = try matrix.transposed().matmul(u.unsqueezed(1)).squeezed(1)
            try v.copyInPlace(from: right / (right.norm() + 1e-12))
            let left = try matrix.matmul(v.unsqueezed(1)).squeezed(1)
            try u.copyInPlace(from: left / (left.norm() + 1e-12))
        }
    }

    /// The weight divided by σ, of which gradients are taken too.
    func callAsFunction(_ weight: Tensor) throws -> Tensor {
        let product = try SpectralNorm.matrix(weight, outputDimension).matmul(v.unsqueezed(1)).squeezed(1)
        return try weight / (product * u).sum()
    }
}

/// A layer with a weight that can be normalised.
public protocol SpectralLayer: Module {
    var weight: Tensor { get }
    /// Which dimension of the weight is that of the outputs.
    var outputDimension: Int { get }
    var spectralNorm: SpectralNorm? { get set }
}

extension SpectralLayer {
    public var outputDimension: Int { 0 }

    /// The weight that the layer applies.
    var appliedWeight: Tensor {
        get throws { try spectralNorm.map { try $0(weight) } ?? weight }
    }

    /// What follows each update of a normalised weight: a turn of power iteration.
    public func followUpdate() throws { try spectralNorm?.turn(weight) }

    func visitWeight(_ visitor: StateVisitor) {
        visitor.parameter(spectralNorm == nil ? "weight" : "weight_orig", weight)
        visitor.buffer("weight_u", spectralNorm?.u)
        visitor.buffer("weight_v", spectralNorm?.v)
    }
}

extension Module {
    private var spectralLayers: [any SpectralLayer] { innerModules.compactMap { $0 as? any SpectralLayer } }

    /// The layers whose weights are normalised.
    public var normalizedLayers: [any SpectralLayer] { spectralLayers.filter { $0.spectralNorm != nil } }

    /// Normalises the weights of all linear layers and convolutions from now on.
    public func normalizeSpectrally() throws {
        for layer in spectralLayers {
            layer.spectralNorm = try SpectralNorm(layer.weight, outputDimension: layer.outputDimension)
        }
    }
}
