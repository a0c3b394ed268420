public import Recipes
public import Torch

/// Changes of what the discriminator sees, real and generated images alike, through which the generator still learns: colour, shift and a
/// blanked square, each drawn anew for every image.
///
/// With a target, each change is made with a probability p only, which starts at 0 and grows while the discriminator is too sure of real
/// images (the mean sign of its answers is over the target), so that it is not changed where there are images enough.
///
/// Sources: DiffAugment (Zhao et al. 2020, arXiv 2006.10738), for the changes and their ranges; ADA (Karras et al. 2020, arXiv
/// 2006.06676), for p: it takes 500,000 images from 0 to 1, and follows each step's sign where the paper takes four steps' mean.
public final class Augmentation {
    private let policy: AugmentationPolicy
    private let target: Double
    /// The probability of each change, a scalar.
    private let probability: Tensor

    /// How many uniform numbers an image needs.
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

    /// What it remembers from step to step, for checkpoints.
    var state: [(name: String, tensor: Tensor)] { isAdaptive ? [("augmentation_probability", probability)] : [] }

    /// Images `[count, channels, height, width]`, changed.
    ///
    /// - Parameter draws: numbers from 0 to 1, `[count, 10]`: three for colours, two for the shift, two for the square, and one for each
    ///   change that decides whether it is made.
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

    /// Brightness ± ½, saturation 0 to 2 times, contrast ½ to 1½ times.
    private func colored(
        _ images: Tensor, _ brightness: Tensor, _ saturation: Tensor, _ contrast: Tensor
    ) throws -> Tensor {
        let bright = try images + (brightness - 0.5)
        let grey = try bright.mean([1], keepingDimensions: true)
        let saturated = try (bright - grey) * (saturation * 2) + grey
        let mean = try saturated.mean([1, 2, 3], keepingDimensions: true)
        return try (saturated - mean) * (contrast + 0.5) + mean
    }

    /// Moved by up to an eighth of the side in each direction; 0 comes in from outside.
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

    /// A square of half the side, centred anywhere, set to 0.
    private func cut(_ images: Tensor, _ draws: Tensor) throws -> Tensor {
        func isCut(_ size: Int, _ column: Int) throws -> Tensor {
            let side = (Double(size) * Augmentation.cutShare).rounded()
            // A square of an even side has its centre between two pixels, and so one place more.
            let places = Double(size) + (side.truncatingRemainder(dividingBy: 2) == 0 ? 1 : 0)
            let centre = try (draws.slice(column..<column + 1, dimension: 1) * places - 0.5).rounded()
            let distance =
                try Tensor.range(size, device: images.device).to(.float32) - centre + (side / 2).rounded(.down)
            return try (distance .>= 0).to(.float32) * (distance .< side).to(.float32)
        }
        let square = try isCut(images.shape[2], 0).unsqueezed(2) * isCut(images.shape[3], 1).unsqueezed(1)
        return try images * (1 - square).unsqueezed(1)
    }

    /// What follows an update of the discriminator.
    ///
    /// - Parameter meanSign: of its answers to a batch of real images.
    func followUpdate(meanSign: Tensor, batch: Int) throws {
        guard isAdaptive else { return }
        let isOver = try (meanSign .> target).to(.float32) * 2 - 1
        try probability.addInPlace(isOver, scale: Double(batch) / Augmentation.imagesToFull)
        try probability.clampInPlace(0, 1)
    }

    /// Series to record.
    func series() throws -> [(name: String, value: Tensor)] {
        // A copy: what is recorded must not change with the next step.
        isAdaptive ? [("augmentation_probability", try probability + 0)] : []
    }
}
