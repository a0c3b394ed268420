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
}
