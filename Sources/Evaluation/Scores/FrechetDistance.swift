public import Torch

/// The Fréchet distance between normal distributions with the means and covariances of two sets of features:
/// ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½).
///
/// It measures quality and diversity together, so it shows that something is wrong but not what. It is biased upward
/// for few samples (the bias falls as 1/n). So compare it only between sets of the same size, and relate it to the
/// value for held-out real data of that size. Values for different features are not comparable.
///
/// Source: Heusel et al. 2017 (arXiv 1706.08500); the bias: Bińkowski et al. 2018 (arXiv 1801.01401).
public enum FrechetDistance {
    /// - Parameters:
    ///   - a: float32 `[n, dimensions]`, at least two rows.
    ///   - b: float32 `[m, dimensions]`, at least two rows.
    public static func between(_ a: Tensor, _ b: Tensor) throws(TorchError) -> Double {
        let (first, second) = (try Moments(a), try Moments(b))
        let root = try first.covariance.symmetricRoot()
        // (Σ₁ Σ₂)^½ has the same trace as (Σ₁^½ Σ₂ Σ₁^½)^½, which is symmetric.
        let product = try root.matmul(second.covariance).matmul(root)
        let eigenvalues = try product.symmetrized().symmetricEigenvalues().values
        let rootTrace = try eigenvalues.clamped(0, .infinity).squareRoot().sum().item()
        let distance = try (first.mean - second.mean).squared().sum().item()
        let traces = try first.covariance.trace() + second.covariance.trace()
        return max(0, distance + traces - 2 * rootTrace)
    }

    private struct Moments {
        let mean: Tensor
        let covariance: Tensor

        init(_ features: Tensor) throws(TorchError) {
            let values = try features.to(.cpu).to(.float64)
            guard values.rank == 2, values.shape[0] > 1 else {
                throw TorchError(.invalidOperation, "A Fréchet distance needs at least two examples on each side.")
            }
            mean = try values.mean([0])
            let centerd = try values - mean
            covariance = try centerd.transposed().matmul(centerd) / Double(values.shape[0] - 1)
        }
    }
}

extension Tensor {
    fileprivate func symmetrized() throws(TorchError) -> Tensor { try (self + transposed()) / 2 }

    /// The symmetric square root of a positive semidefinite matrix.
    fileprivate func symmetricRoot() throws(TorchError) -> Tensor {
        let (values, vectors) = try symmetrized().symmetricEigenvalues()
        return try (vectors * values.clamped(0, .infinity).squareRoot()).matmul(vectors.transposed())
    }

    /// The sum of the diagonal of a square matrix.
    func trace() throws(TorchError) -> Double {
        let size = shape[0]
        let diagonal = try Tensor((0..<size).map { Int64($0 * (size + 1)) }).to(device)
        return try contiguous().reshaped([size * size]).gathering(diagonal).sum().item()
    }
}
