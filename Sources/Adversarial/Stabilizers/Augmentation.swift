public import Recipes
public import Torch

/// Differentiable augmentation of the images that the discriminator sees, real and generated alike: color, translation
/// and cutout, drawn separately for each image. Gradients still reach the generator.
///
/// With a target, each change is applied only with a probability p. It starts at 0 and grows while the discriminator is
/// overconfident on real images (the mean sign of its logits exceeds the target), so that large datasets are hardly
/// augmented.
///
/// Sources: DiffAugment (Zhao et al. 2020, arXiv 2006.10738) for the changes and their ranges; ADA (Karras et al. 2020,
/// arXiv 2006.06676) for p, which takes 500,000 images from 0 to 1. It uses the mean sign of each update, where the
/// paper averages over four.
public final class Augmentation {
    private let policy: AugmentationPolicy
    private let target: Double
    /// The probability of each change, a scalar.
    private let probability: Tensor

    /// The number of uniform random values per image.
    static let draws = 10
    private static let imagesToFull = 500_000.0
    private static let largestShift = 0.125
    private static let cutShare = 0.5

    public init(_ policy: AugmentationPolicy, target: Double = 0, device: Device = .cpu) throws {
        self.policy = policy
        self.target = target
        probability = try Tensor.full([], target > 0 ? 0 : 1, device: device)
    }

    var isAdaptive: Bool { target > 0 }

    /// The state to save in checkpoints.
    var state: [(name: String, tensor: Tensor)] { isAdaptive ? [("augmentation_probability", probability)] : [] }

    /// Augments images `[count, channels, height, width]`.
    ///
    /// - Parameter draws: uniform values in [0, 1), `[count, 10]`: three for color, two for translation, two for
    ///   cutout, and one per change that decides whether it is applied.
    public func callAsFunction(_ images: Tensor, draws: Tensor) throws -> Tensor {
        func number(_ column: Int) throws -> Tensor {
            try draws.slice(column..<column + 1, dimension: 1).reshaped([images.shape[0], 1, 1, 1])
        }
        var images = images
        for (index, change) in AugmentationPolicy.Change.allCases.enumerated() where policy.changes.contains(change) {
            let changed =
                switch change {
                case .color: try colored(images, number(0), number(1), number(2))
                case .translation: try shifted(images, draws.slice(3..<5, dimension: 1))
                case .cutout: try cut(images, draws.slice(5..<7, dimension: 1))
                }
            images = try isAdaptive ? (number(7 + index) .< probability).select(changed, else: images) : changed
        }
        return images
    }

    /// Brightness ± ½, saturation × 0 to 2, contrast × ½ to 1½.
    private func colored(
        _ images: Tensor, _ brightness: Tensor, _ saturation: Tensor, _ contrast: Tensor
    ) throws -> Tensor {
        let bright = try images + (brightness - 0.5)
        let gray = try bright.mean([1], keepingDimensions: true)
        let saturated = try (bright - gray) * (saturation * 2) + gray
        let mean = try saturated.mean([1, 2, 3], keepingDimensions: true)
        return try (saturated - mean) * (contrast + 0.5) + mean
    }

    /// Shifts images by up to an eighth of their size in each direction, padding with 0.
    private func shifted(_ images: Tensor, _ draws: Tensor) throws -> Tensor {
        let (count, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3])
        func sources(_ size: Int, _ column: Int) throws -> (positions: Tensor, isInside: Tensor) {
            let most = (Double(size) * Augmentation.largestShift).rounded()
            let draw = try draws.slice(column..<column + 1, dimension: 1)
            let shift = try (draw * (2 * most + 1) - (most + 0.5)).rounded().clamped(-most, most)
            let positions = try Tensor.range(size, device: images.device).to(.float32) + shift
            return (positions, try (positions .>= 0).to(.float32) * (positions .< Double(size)).to(.float32))
        }
        let (rows, columns) = (try sources(height, 0), try sources(width, 1))
        let places = try
            (rows.positions.clamped(0, Double(height - 1)).unsqueezed(2) * Double(width)
            + columns.positions.clamped(0, Double(width - 1)).unsqueezed(1))
            .to(.int64).reshaped([count, 1, height * width]).expanded([count, channels, height * width])
        let isInside = try (rows.isInside.unsqueezed(2) * columns.isInside.unsqueezed(1)).unsqueezed(1)
        let moved = try images.contiguous().reshaped([count, channels, height * width])
            .gatheringElements(places, dimension: 2)
        return try moved.reshaped(images.shape) * isInside
    }

    /// Sets a square of half the image's size, centered anywhere, to 0.
    private func cut(_ images: Tensor, _ draws: Tensor) throws -> Tensor {
        func isCut(_ size: Int, _ column: Int) throws -> Tensor {
            let side = (Double(size) * Augmentation.cutShare).rounded()
            // A square with an even side is centered between two pixels, so it has one more possible position.
            let places = Double(size) + (side.truncatingRemainder(dividingBy: 2) == 0 ? 1 : 0)
            let center = try (draws.slice(column..<column + 1, dimension: 1) * places - 0.5).rounded()
            let distance =
                try Tensor.range(size, device: images.device).to(.float32) - center + (side / 2).rounded(.down)
            return try (distance .>= 0).to(.float32) * (distance .< side).to(.float32)
        }
        let square = try isCut(images.shape[2], 0).unsqueezed(2) * isCut(images.shape[3], 1).unsqueezed(1)
        return try images * (1 - square).unsqueezed(1)
    }

    /// Adapts p after an update of the discriminator.
    ///
    /// - Parameter meanSign: the mean sign of its logits for a batch of real images.
    func updateProbability(meanSign: Tensor, batch: Int) throws {
        guard isAdaptive else { return }
        let isOver = try (meanSign .> target).to(.float32) * 2 - 1
        try probability.addInPlace(isOver, scale: Double(batch) / Augmentation.imagesToFull)
        try probability.clampInPlace(0, 1)
    }

    /// The series to record.
    func series() throws -> [(name: String, value: Tensor)] {
        // Copy the value: the next step modifies p in place.
        isAdaptive ? [("augmentation_probability", try probability + 0)] : []
    }
}
