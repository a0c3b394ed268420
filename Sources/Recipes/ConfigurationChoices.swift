/// Where a training runs.
public enum DeviceChoice: Hashable, Sendable, RawRepresentable {
    /// The best available device.
    case automatic
    /// The CPU.
    case cpu
    /// A CUDA device: the current one, or the one of an index.
    case cuda(index: Int?)
    /// Apple's Metal.
    case mps

    /// Reads `auto`, `cpu`, `cuda`, `cuda:1` or `mps`; `nil` for anything else.
    public init?(rawValue: String) {
        switch rawValue {
        case "auto": self = .automatic
        case "cpu": self = .cpu
        case "cuda": self = .cuda(index: nil)
        case "mps": self = .mps
        default:
            guard rawValue.hasPrefix("cuda:") else { return nil }
            let digits = rawValue.dropFirst(5)
            guard digits.allSatisfy({ ("0"..."9").contains($0) }), let index = Int(digits), index < 256 else {
                return nil
            }
            self = .cuda(index: index)
        }
    }

    /// The text form: `auto`, `cpu`, `cuda`, `cuda:1` or `mps`.
    public var rawValue: String {
        switch self {
        case .automatic: "auto"
        case .cpu: "cpu"
        case .cuda(nil): "cuda"
        case .cuda(let index?): "cuda:\(index)"
        case .mps: "mps"
        }
    }
}

/// The number format of convolutions and matrix products.
public enum Precision: String, CaseIterable, Hashable, Sendable {
    /// 32-bit floating point throughout.
    case float32
    /// 16-bit brain floating point where it is safe.
    case bfloat16
}

/// A network architecture.
public enum Architecture: String, CaseIterable, Hashable, Sendable {
    /// The networks of the article.
    case article
    /// Deep convolutional networks (Radford and others, 2015).
    case dcgan
    /// Residual networks with batch norm in the generator (Miyato and others, 2018).
    case residual
    /// Residual networks without normalization (R3GAN; Huang and others, 2024).
    case r3gan
    /// Fully connected networks.
    case mlp
    /// PacGAN's fully connected networks: batch norm in the generator, maxout in the discriminator (Lin and others, 2017).
    case maxout
    /// Networks of a Swift program; a recipe alone cannot train them.
    case custom

    /// Whether it is for points in the plane, not for images. Custom networks may be for either.
    public var isForPoints: Bool { self == .mlp || self == .maxout }
}

/// The distribution of a latent vector's entries.
public enum LatentDistribution: String, CaseIterable, Hashable, Sendable {
    /// Normal with mean 0 and standard deviation 1.
    case normal
    /// Uniform from −1 to 1.
    case uniform
    /// Normal, truncated at two standard deviations (Brock and others, 2018).
    case truncated
}

/// The augmentation of the discriminator's input, real and generated alike: `none`, or some of `color`, `translation` and `cutout`,
/// separated by commas (DiffAugment; Zhao and others, 2020).
public struct AugmentationPolicy: Hashable, Sendable, RawRepresentable {
    /// One kind of augmentation.
    public enum Change: String, CaseIterable, Hashable, Sendable {
        /// Brightness, saturation and contrast.
        case color
        /// A shift by up to an eighth of the side.
        case translation
        /// A square of half the side is set to zero.
        case cutout
    }

    /// The augmentations; empty for none.
    public var changes: Set<Change>

    /// A policy of the given augmentations.
    public init(_ changes: Set<Change> = []) { self.changes = changes }

    /// Reads `none` or words separated by commas; `nil` for anything else.
    public init?(rawValue: String) {
        guard rawValue != "none" else {
            self.init()
            return
        }
        let words = rawValue.split(separator: ",", omittingEmptySubsequences: false)
        let changes = words.compactMap { Change(rawValue: String($0).trimmingWhitespace) }
        guard changes.count == words.count, Set(changes).count == changes.count else { return nil }
        self.init(Set(changes))
    }

    /// The text form, such as `color,translation,cutout`.
    public var rawValue: String {
        changes.isEmpty
            ? "none" : Change.allCases.filter(changes.contains).map(\.rawValue).joined(separator: ",")
    }

    static let examples = ["none"] + Change.allCases.map(\.rawValue) + ["color,translation,cutout"]
    static let allowed = "none, or some of color, translation, cutout, separated by commas"
}

/// A penalty on the discriminator; its name is that of its keys and of its series.
public enum PenaltyKind: String, CaseIterable, Hashable, Sendable {
    /// WGAN-GP: slope 1 between real and generated examples (Gulrajani and others, 2017).
    case gradient
    /// DRAGAN: slope 1 around the data (Kodali and others, 2017).
    case dragan
    /// R1: slope 0 at real examples (Mescheder and others, 2018).
    case r1
    /// R2: slope 0 at generated examples (Mescheder and others, 2018).
    case r2
    /// LeCam: logits near their moving averages (Tseng and others, 2021).
    case lecam

    /// Whether it looks at the discriminator's slope at single examples, which is meaningless with batch norm.
    public var usesSlopes: Bool { self != .lecam }
}

/// A learning-rate schedule.
public enum ScheduleKind: String, CaseIterable, Hashable, Sendable {
    /// Constant.
    case constant
    /// Linear decay to zero.
    case linear
    /// Cosine decay to zero.
    case cosine
}

/// A kind of optimizer.
public enum OptimizerKind: String, CaseIterable, Hashable, Sendable {
    /// Adam (Kingma and Ba, 2014).
    case adam
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2017).
    case adamw
    /// RMSprop (Tieleman and Hinton, 2012).
    case rmsprop
    /// Stochastic gradient descent.
    case sgd

    /// Whether this optimizer has a `momentum`.
    public var hasMomentum: Bool { self == .rmsprop || self == .sgd }
}

/// The training objective of the two players.
public enum Objective: String, CaseIterable, Hashable, Codable, Sendable {
    /// The original two-player value function (Goodfellow and others, 2014).
    case minimax
    /// The generator maximizes log D(G(z)) (Goodfellow and others, 2014).
    case nonSaturating = "non-saturating"
    /// Least squares (Mao and others, 2016).
    case leastSquares = "least-squares"
    /// WGAN: Wasserstein distance with weight clipping (Arjovsky and others, 2017).
    case wasserstein
    /// WGAN-GP: Wasserstein distance with a gradient penalty (Gulrajani and others, 2017).
    case wassersteinGradientPenalty = "wasserstein-gp"
    /// DRAGAN: non-saturating with a gradient penalty around the data (Kodali and others, 2017).
    case dragan
    /// BEGAN: boundary equilibrium (Berthelot and others, 2017).
    case began
    /// Hinge loss (Lim and Ye, 2017).
    case hinge
    /// Relativistic pairing (Jolicoeur-Martineau, 2018).
    case relativistic

    /// Whether the loss is a cross-entropy: the discriminator's output is a logit, whose sigmoid is the probability of being real.
    public var hasProbabilities: Bool { [.minimax, .nonSaturating, .dragan].contains(self) }
}
