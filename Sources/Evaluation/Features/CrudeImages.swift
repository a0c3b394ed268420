import Foundation
import Torch

/// Distorts images the way poorly trained generators do: warped, blurred, with faded parts, stains, noise and altered
/// contrast.
///
/// A classifier trained only on real images misjudges crude samples: it takes a malformed 4 for a 9, so look-alikes
/// hide a lost class. A classifier that has also seen distorted images distinguishes such samples better (see the
/// figures in `Documentation/evaluation.md`).
struct CrudeImages {
    private let generator: RandomGenerator

    init(_ generator: RandomGenerator) { self.generator = generator }

    /// Applies a random selection of the distortions to all of the images.
    ///
    /// - Parameter images: float32 `[count, channels, height, width]` in [−1, 1].
    func distorted(_ images: Tensor) throws -> Tensor {
        var images = images
        if try chance(0.6) { images = try bent(images) }
        if try chance(0.4) { images = try blurred(images) }
        if try chance(0.3) { images = try faded(images) }
        if try chance(0.5) { images = try stained(images) }
        if try chance(0.5) { images = try noisy(images) }
        if try chance(0.4) { images = try (images * each(images, 0.7...2.7)).tanh() }
        return try images.clamped(-1, 1)
    }

    private func uniform() throws -> Double { try Tensor.randomUniform([1], from: generator).item() }

    private func chance(_ probability: Double) throws -> Bool { try uniform() < probability }

    /// A uniform random number for each image.
    private func each(_ images: Tensor, _ range: ClosedRange<Double>) throws -> Tensor {
        let numbers = try Tensor.randomUniform([images.shape[0], 1, 1, 1], from: generator).to(images.device)
        return try numbers * (range.upperBound - range.lowerBound) + range.lowerBound
    }

    /// Normal noise that varies smoothly over each image, interpolated from `waves` × `waves` values.
    private func smoothNoise(_ images: Tensor, waves: Int, channels: Int = 1) throws -> Tensor {
        try Tensor.randomNormal([images.shape[0], channels, waves, waves], from: generator).to(images.device)
            .resampled(height: images.shape[2], width: images.shape[3], by: .bilinear)
    }

    /// Rotates by up to 14 degrees, scales by up to 15 %, and warps.
    private func bent(_ images: Tensor) throws -> Tensor {
        let count = images.shape[0]
        let angles = try each(images, -0.25...0.25).reshaped([count, 1, 1])
        let sizes = try each(images, 0.85...1.15).reshaped([count, 1, 1])
        let bends = try smoothNoise(images, waves: 6, channels: 2) * (uniform() * 0.1)
        let (cosines, sines) = (try angles.cosine() * sizes, try angles.sine() * sizes)
        func axis(_ length: Int) throws -> Tensor {
            try (Tensor.range(length, dtype: .float32) * (2 / Double(max(1, length - 1))) - 1).to(images.device)
        }
        let x = try axis(images.shape[3]).reshaped([1, 1, images.shape[3]])
        let y = try axis(images.shape[2]).reshaped([1, images.shape[2], 1])
        let across = try x * cosines - y * sines + bends.slice(0..<1, dimension: 1).squeezed(1)
        let down = try x * sines + y * cosines + bends.slice(1..<2, dimension: 1).squeezed(1)
        let places = try Tensor.concatenate([across.unsqueezed(3), down.unsqueezed(3)], dimension: 3)
        // Positions outside the image are black.
        return try (images + 1).sampled(at: places) - 1
    }

    private func blurred(_ images: Tensor) throws -> Tensor {
        let deviation = 0.3 + 0.8 * (try uniform())
        let weights = (-3...3).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
        let total = weights.reduce(0, +)
        let channels = images.shape[1]
        func kernel(_ shape: [Int]) throws -> Tensor {
            let row = try Tensor(weights.map { Float($0 / total) }, shape: [1, 1] + shape)
            return try Tensor.concatenate([Tensor](repeating: row, count: channels)).to(images.device)
        }
        return try images.padded(left: 3, right: 3, top: 3, bottom: 3, value: -1)
            .conv2d(weight: kernel([1, 7]), bias: nil, groups: channels)
            .conv2d(weight: kernel([7, 1]), bias: nil, groups: channels)
    }

    /// Fades parts of each image to black.
    private func faded(_ images: Tensor) throws -> Tensor {
        try (images + 1) * (smoothNoise(images, waves: 7) * 3 + 3).sigmoid() - 1
    }

    private func stained(_ images: Tensor) throws -> Tensor {
        try images + smoothNoise(images, waves: 9) * each(images, 0...0.15)
    }

    private func noisy(_ images: Tensor) throws -> Tensor {
        try images + Tensor.randomNormal(images.shape, from: generator).to(images.device) * each(images, 0...0.15)
    }
}
