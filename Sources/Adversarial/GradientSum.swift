import Torch

/// The gradient of a batch, gathered over its parts.
struct GradientSum {
    private let parameters: [Tensor]
    private(set) var gradients: [Tensor] = []

    init(of parameters: [Tensor]) { self.parameters = parameters }

    /// Adds the gradients of a part that makes up `weight` of the batch.
    mutating func add(_ part: [Tensor], weight: Double) throws {
        guard !gradients.isEmpty else {
            gradients = try zip(parameters, part).map { parameter, gradient in
                // Fused optimisers walk parameter and gradient in step, so both need the same memory layout.
                let total = try parameter.zerosLike()
                try total.addInPlace(gradient, scale: weight)
                return total
            }
            return
        }
        for (total, gradient) in zip(gradients, part) { try total.addInPlace(gradient, scale: weight) }
    }

    /// The Euclidean norm of all of it.
    func norm() throws -> Tensor { try Tensor.totalNorm(gradients) }

    /// The gradients, shortened to a norm if theirs is longer; 0 leaves them as they are.
    ///
    /// Source: Pascanu et al. 2013 (arXiv 1211.5063), as `clip_grad_norm_` of PyTorch does it.
    func shortened(to longest: Double, norm: Tensor) throws -> [Tensor] {
        guard longest > 0 else { return gradients }
        let factor = try (longest / (norm + 1e-6)).clamped(0, 1)
        return try gradients.map { try $0 * factor }
    }
}
