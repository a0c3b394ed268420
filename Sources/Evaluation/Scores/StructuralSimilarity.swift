import Foundation
public import Torch

/// The mean multi-scale structural similarity (MS-SSIM) of pairs of samples, and that of pairs of real images.
///
/// It is near 1 for pairs that look the same, so a value above that of real images means less diversity. It matches
/// human perception better than a pixel distance does, but says nothing about quality. Using all five published scales
/// requires 176 pixels. Smaller images use as many scales as fit an 11×11 window, with the weights of these scales
/// normalized to a sum of 1.
///
/// Source: Wang, Simoncelli and Bovik 2003; as a measure of diversity: Odena et al. 2016 (arXiv 1610.09585).
public struct StructuralSimilarity: Sendable, Codable, Equatable {
    public var samples, reference: Double
    public var pairs: Int

    /// - Parameters:
    ///   - reference: `[n, channels, height, width]` in [−1, 1].
    ///   - samples: `[m, channels, height, width]` in [−1, 1].
    ///   - pairs: the number of random pairs compared on each side.
    public init(reference: Tensor, samples: Tensor, pairs: Int = 500, seed: UInt64 = 0) throws {
        self.pairs = pairs
        func meanSimilarity(_ images: Tensor) throws -> Double {
            guard images.rank == 4, images.shape[0] > 1 else {
                throw TorchError(.invalidOperation, "Structural similarity needs at least two images on each side.")
            }
            let generator = try RandomGenerator(seed: seed)
            let first = try Tensor.randomIntegers(0..<images.shape[0], [pairs], from: generator).integers()
            let shift = try Tensor.randomIntegers(1..<images.shape[0], [pairs], from: generator).integers()
            let second = zip(first, shift).map { ($0 + $1) % images.shape[0] }
            func chosen(_ indices: [Int]) throws -> Tensor {
                try images.gathering(Tensor(indices.map(Int64.init)).to(images.device))
            }
            return try StructuralSimilarity.between(chosen(first), chosen(second)).mean().item()
        }
        self.reference = try meanSimilarity(reference)
        self.samples = try meanSimilarity(samples)
    }

    private static let weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]

    /// The similarity of each pair, `[n]`.
    ///
    /// - Parameters:
    ///   - a: `[n, channels, height, width]` in [−1, 1].
    ///   - b: images of the same shape as `a`.
    public static func between(_ a: Tensor, _ b: Tensor) throws -> Tensor {
        let shape = a.shape
        let side = min(shape[2], shape[3])
        let window = min(11, side)
        let scales = max(1, (1...weights.count).last { side >> ($0 - 1) >= window } ?? 1)
        let total = weights.prefix(scales).reduce(0, +)
        // Channels are compared separately.
        var (x, y) = (try gray(a), try gray(b))
        var similarity: Tensor?
        for scale in 0..<scales {
            let isLast = scale == scales - 1
            let (whole, contrast) = try single(x, y, window)
            let factor = try (isLast ? whole : contrast).clamped(1e-6, .infinity).power(weights[scale] / total)
            similarity = try similarity.map { (product) throws -> Tensor in try product * factor } ?? factor
            if !isLast { (x, y) = (try x.averagePool2d(kernel: 2), try y.averagePool2d(kernel: 2)) }
        }
        return try (similarity ?? x).reshaped([shape[0], shape[1]]).mean([1])
    }

    /// Returns each channel as a separate image with values from 0 to 1, `[n·channels, 1, height, width]`.
    private static func gray(_ images: Tensor) throws -> Tensor {
        let shape = images.shape
        return try (images.contiguous().reshaped([shape[0] * shape[1], 1, shape[2], shape[3]]) + 1) / 2
    }

    /// The similarity at one scale, and the same without the luminance term, each `[n]`.
    private static func single(_ x: Tensor, _ y: Tensor, _ window: Int) throws -> (whole: Tensor, contrast: Tensor) {
        let middle = Double(window - 1) / 2
        let bell = (0..<window).map { place in
            let distance = Double(place) - middle
            return exp(-distance * distance / (2 * 1.5 * 1.5))
        }
        let sum = bell.reduce(0, +)
        let kernel = try Tensor(
            bell.flatMap { row in bell.map { Float(row * $0 / sum / sum) } }, shape: [1, 1, window, window]
        ).to(x.device)
        func blurred(_ image: Tensor) throws -> Tensor { try image.conv2d(weight: kernel, bias: nil) }
        let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
        let (mx, my) = (try blurred(x), try blurred(y))
        let (mxx, myy, mxy) = (try mx * mx, try my * my, try mx * my)
        let (vx, vy) = (try blurred(x * x) - mxx, try blurred(y * y) - myy)
        let covariance = try blurred(x * y) - mxy
        let contrast = try (2 * covariance + c2) / (vx + vy + c2)
        let luminance = try (2 * mxy + c1) / (mxx + myy + c1)
        return (try (luminance * contrast).mean([1, 2, 3]), try contrast.mean([1, 2, 3]))
    }
}
