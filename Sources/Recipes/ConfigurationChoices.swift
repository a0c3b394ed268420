/// Where a training runs.
public enum DeviceChoice: Hashable, Sendable, RawRepresentable {
    /// The best device that is present.
    case automatic
    /// The processor.
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

/// The number format of the heavy arithmetic.
public enum Precision: String, CaseIterable, Hashable, Sendable {
    /// 32-bit floating point throughout.
    case float32
    /// 16-bit brain floating point where it is safe.
    case bfloat16
}

/// A family of networks.
public enum Architecture: String, CaseIterable, Hashable, Sendable {
    /// The networks of the article.
    case article
    /// Deep convolutional networks (Radford and others, 2015).
    case dcgan
    /// Residual networks with batch norm in the generator (Miyato and others, 2018).
    case residual
    /// Residual networks without normalisation (R3GAN; Huang and others, 2024).
    case r3gan
    /// Fully connected networks.
    case mlp
    /// PacGAN's fully connected networks: batch norm in the generator, maxout in the discriminator (Lin and others, 2017).
    case maxout
    /// Networks that a Swift program brings along; a recipe alone cannot train them.
    case custom

    /// Whether it is for points in the plane, not for images. Custom networks may be for either.
    public var isForPoints: Bool { self == .mlp || self == .maxout }
}

/// How the numbers of a latent vector are distributed.
public enum LatentDistribution: String, CaseIterable, Hashable, Sendable {
    /// Normal, mean 0, deviation 1.
    case normal
    /// Uniform from −1 to 1.
    case uniform
    /// Normal, but never farther than two deviations from 0 (Brock and others, 2018).
    case truncated
}

/// Changes that examples go through before the discriminator sees them, real and generated ones alike: `none`, or some of
/// `color`, `translation` and `cutout`, divided by commas (DiffAugment; Zhao and others, 2020).
public struct AugmentationPolicy: Hashable, Sendable, RawRepresentable {
    /// One kind of change.
    public enum Change: String, CaseIterable, Hashable, Sendable {
        /// Brightness, saturation and contrast.
        case color
        /// A shift by up to an eighth of the side.
        case translation
        /// A square of half the side is blanked.
        case cutout
    }

    /// The changes; none leaves examples as they are.
    public var changes: Set<Change>

    /// A policy of some changes.
    public init(_ changes: Set<Change> = []) { self.changes = changes }

    /// Reads `none` or words divided by commas; `nil` for anything else.
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
    static let allowed = "none, or some of color, translation, cutout, divided by commas"
}

/// How a learning rate changes in the course of a training.
public enum ScheduleKind: String, CaseIterable, Hashable, Sendable {
    /// It stays.
    case constant
    /// It falls evenly to zero.
    case linear
    /// It falls to zero along half a cosine.
    case cosine
}

/// An update rule.
public enum OptimizerKind: String, CaseIterable, Hashable, Sendable {
    /// Adam (Kingma and Ba, 2014).
    case adam
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2017).
    case adamw
    /// RMSprop (Tieleman and Hinton, 2012).
    case rmsprop
    /// Stochastic gradient descent.
    case sgd

    /// Whether `momentum` means anything to this rule.
    public var hasMomentum: Bool { self == .rmsprop || self == .sgd }
}

/// What the two players strive for.
public enum Objective: String, CaseIterable, Hashable, Sendable {
    /// The original two-player value function (Goodfellow and others, 2014).
    case minimax
    /// The generator maximises the logarithm of the discriminator's belief (Goodfellow and others, 2014).
    case nonSaturating = "non-saturating"
    /// Least squares (Mao and others, 2016).
    case leastSquares = "least-squares"
    /// Earth mover's distance with weight clipping (Arjovsky and others, 2017).
    case wasserstein
    /// Earth mover's distance with a gradient penalty (Gulrajani and others, 2017).
    case wassersteinGradientPenalty = "wasserstein-gp"
    /// A gradient penalty around the data (Kodali and others, 2017).
    case dragan
    /// Boundary equilibrium (Berthelot and others, 2017).
    case began
    /// Hinge (Lim and Ye, 2017).
    case hinge
    /// Relativistic (Jolicoeur-Martineau, 2018).
    case relativistic
}
