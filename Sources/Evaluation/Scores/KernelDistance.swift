public import Torch

/// The kernel distance (KID): the unbiased squared maximum mean discrepancy with the kernel (xᵀy / d + 1)³.
///
/// It is averaged over random subsets and reported with its standard error. It is unbiased: for real data it is 0 on
/// average and may be slightly negative. Like the Fréchet distance, it measures quality and diversity together.
///
/// Source: Bińkowski et al. 2018 (arXiv 1801.01401).
public struct KernelDistance: Sendable, Codable, Equatable {
    public var value, standardError: Double
    public var subsets, subsetSize: Int

    /// - Parameters:
    ///   - reference: features `[n, dimensions]`, at least two rows.
    ///   - samples: features `[m, dimensions]`, at least two rows.
    ///   - subsets: the number of random subsets.
    ///   - size: the maximum number of examples per subset on each side.
    public init(
        reference: Tensor, samples: Tensor, subsets: Int = 20, size: Int = 1000, seed: UInt64 = 0
    ) throws(TorchError) {
        let size = min(size, reference.shape[0], samples.shape[0])
        guard size > 1 else {
            throw TorchError(.invalidOperation, "A kernel distance needs at least two examples on each side.")
        }
        let generator = try RandomGenerator(seed: seed)
        var values: [Double] = []
        for _ in 0..<max(1, subsets) {
            let x = try KernelDistance.subset(reference, size, generator)
            let y = try KernelDistance.subset(samples, size, generator)
            let within = try KernelDistance.meanOfDifferent(x) + KernelDistance.meanOfDifferent(y)
            values.append(within - 2 * (try KernelDistance.kernel(x, y).mean().item()))
        }
        let average = mean(values)
        let variance = values.map { ($0 - average) * ($0 - average) }.reduce(0, +) / Double(max(1, values.count - 1))
        value = average
        standardError = (variance / Double(values.count)).squareRoot()
        self.subsets = values.count
        subsetSize = size
    }

    private static func subset(_ points: Tensor, _ size: Int, _ generator: RandomGenerator) throws(TorchError) -> Tensor
    {
        let chosen = try Tensor.randomPermutation(points.shape[0], from: generator).slice(0..<size)
        return try points.gathering(chosen.to(points.device)).to(.float64)
    }

    private static func kernel(_ a: Tensor, _ b: Tensor) throws(TorchError) -> Tensor {
        try (a.matmul(b.transposed()) / Double(a.shape[1]) + 1).power(3)
    }

    /// The mean of the kernel over pairs of different rows.
    private static func meanOfDifferent(_ a: Tensor) throws(TorchError) -> Double {
        let size = Double(a.shape[0])
        let all = try kernel(a, a).sum().item()
        let same = try (a.squared().sum([1]) / Double(a.shape[1]) + 1).power(3).sum().item()
        return (all - same) / (size * (size - 1))
    }
}
