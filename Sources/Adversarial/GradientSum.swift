import Torch

/// The gradient of a batch, accumulated over its parts.
struct GradientSum {
    private let parameters: [Tensor]
    private(set) var gradients: [Tensor] = []

    init(of parameters: [Tensor]) { self.parameters = parameters }

    /// Adds the gradients of a part of the batch; `weight` is the part's share of it.
    mutating func add(_ part: [Tensor], weight: Double) throws {
        guard !gradients.isEmpty else {
            gradients = try zip(parameters, part).map { parameter, gradient in
                // Fused optimizers traverse parameter and gradient in parallel, so both need the same memory layout.
                let total = try parameter.zerosLike()
                try total.addInPlace(gradient, scale: weight)
                return total
            }
            return
        }
        for (total, gradient) in zip(gradients, part) { try total.addInPlace(gradient, scale: weight) }
    }

    /// The Euclidean norm over all parameters.
    func norm() throws -> Tensor { try Tensor.totalNorm(gradients) }

    /// Returns the gradients, scaled down to a norm of `longest` if theirs is larger; 0 disables clipping.
    ///
    /// Source: Pascanu et al. 2013 (arXiv 1211.5063), as implemented by PyTorch's `clip_grad_norm_`.
    func shortened(to longest: Double, norm: Tensor) throws -> [Tensor] {
        guard longest > 0 else { return gradients }
        let factor = try (longest / (norm + 1e-6)).clamped(0, 1)
        return try gradients.map { try $0 * factor }
    }
}
