/// All settings of a training: data, networks, objective, optimizers and schedule.
///
/// A value type with a default for every key. Keys are named by paths such as `network.latent`; the table
/// ``keys`` is the only list of them, with meaning and range.
///
/// ```swift
/// var configuration = try TrainingConfiguration(yaml: "network: {latent: 64}", source: "small.yaml")
/// try configuration.set("optimizer.learningRate", to: "1e-4")   // both players
/// let ready = try configuration.validated()
/// ```
public struct TrainingConfiguration: Equatable, Sendable {
    /// The name of the recipe that this configuration started from.
    public var recipe = "custom"
    /// The random seed; at least 0.
    public var seed = 0
    /// The device that the training runs on.
    public var device = DeviceChoice.automatic
    /// The number format of convolutions and matrix products.
    public var precision = Precision.float32
    /// The number of CPU threads; 0 uses all cores.
    public var threads = 0
    /// The training data.
    public var data = DataOptions()
    /// The two networks.
    public var network = NetworkOptions()
    /// The training objective.
    public var objective = Objective.nonSaturating
    /// The penalties added to the discriminator's loss.
    public var penalties = PenaltyOptions()
    /// The optimizers of the two players.
    public var optimizer = OptimizerOptions()
    /// The schedule of the training.
    public var training = TrainingOptions()
    /// When sheets are made, and how many samples they have.
    public var samples = SampleOptions()
    /// When checkpoints are saved, and how many are kept.
    public var checkpoints = CheckpointOptions()
    /// How the training is monitored.
    public var monitor = MonitorOptions()

    /// A configuration of defaults.
    public init() {}

    /// Whether the examples are points in the plane or other vectors, not images.
    public var makesPoints: Bool {
        network.architecture == .custom ? data.channels == 0 : network.architecture.isForPoints
    }

    /// Whether only the program that trained the run has its networks or its data.
    public var needsItsProgram: Bool { network.architecture == .custom || data.isCustom }
}

extension TrainingConfiguration {
    /// The options of the training data.
    public struct DataOptions: Equatable, Sendable {
        /// A data set's name, or a path.
        public var source = "mnist"
        /// The side of the square images in pixels; 0 keeps the stored size.
        public var imageSize = 0
        /// The number of color channels; 0 keeps the stored ones.
        public var channels = 0
        /// The number of examples used, from the first; 0 uses all.
        public var limit = 0
        /// The portion of each class that is used; needs labels.
        public var classPortions = ClassPortions.whole
        /// Whether unreadable images are skipped instead of causing an error.
        public var skipBroken = false

        /// The source of data that a program provides; not a possible path.
        public static let customSource = "<custom>"

        /// Whether a program provides the data.
        public var isCustom: Bool { source == DataOptions.customSource }

        /// Whether the data are points in the plane, not images.
        var isOfPoints: Bool { ["ring", "grid"].contains(source) }

        /// The default data options.
        public init() {}
    }

    /// The options of the two networks.
    public struct NetworkOptions: Equatable, Sendable {
        /// The network architecture.
        public var architecture = Architecture.article
        /// The length of the latent vector.
        public var latent = 128
        /// The distribution of its entries.
        public var latentDistribution = LatentDistribution.normal
        /// The generator's base number of feature maps.
        public var generatorWidth = 128
        /// The discriminator's base number of feature maps.
        public var discriminatorWidth = 64
        /// Whether the discriminator has spectral normalization: weights divided by their largest singular value.
        public var spectralNorm = false
        /// The number of kernels of minibatch discrimination; 0 turns it off.
        public var minibatchDiscrimination = 0
        /// Whether the generator uses virtual batch norm, with the statistics of a fixed batch.
        public var virtualBatchNorm = false
        /// The number of classes of a conditional model; 0 for an unconditional one.
        public var classes = 0

        /// The default network options.
        public init() {}
    }

    /// Penalties and clipping that bound the discriminator's slope.
    public struct PenaltyOptions: Equatable, Sendable {
        /// A penalty's weight and interval.
        public struct Option: Equatable, Sendable {
            /// The weight; 0 turns the penalty off.
            public var weight = 0.0
            /// The number of steps between two applications, each of which is multiplied by it (lazy regularization).
            public var interval = 1

            /// No penalty.
            public init() {}
        }

        /// Slope 1 between real and generated examples (WGAN-GP).
        public var gradient = Option()
        /// Slope 1 around the data (DRAGAN).
        public var dragan = Option()
        /// Slope 0 at real examples.
        public var r1 = Option()
        /// Slope 0 at generated examples.
        public var r2 = Option()
        /// Logits near their moving averages (LeCam).
        public var lecam = Option()
        /// The bound to which the discriminator's weights are clipped; 0 turns clipping off.
        public var weightClip = 0.0

        /// No penalties.
        public init() {}

        /// All penalties with their kinds.
        var named: [(kind: PenaltyKind, option: Option)] {
            PenaltyKind.allCases.map { kind in
                switch kind {
                case .gradient: (kind, gradient)
                case .dragan: (kind, dragan)
                case .r1: (kind, r1)
                case .r2: (kind, r2)
                case .lecam: (kind, lecam)
                }
            }
        }

        /// The penalties with a weight above 0, with their kinds.
        public var all: [(kind: PenaltyKind, option: Option)] { named.filter { $0.option.weight > 0 } }
    }

    /// The optimizers of the two players.
    public struct OptimizerOptions: Equatable, Sendable {
        /// The generator's optimizer.
        public var generator = PlayerOptimizer()
        /// The discriminator's optimizer.
        public var discriminator = PlayerOptimizer()

        /// The default optimizers.
        public init() {}
    }

    /// The optimizer of one player.
    public struct PlayerOptimizer: Equatable, Sendable {
        /// The kind of optimizer.
        public var kind = OptimizerKind.adam
        /// The learning rate.
        public var learningRate = 0.0002
        /// The decay rate of Adam's first moment.
        public var beta1 = 0.5
        /// The decay rate of Adam's second moment.
        public var beta2 = 0.999
        /// The term that keeps denominators from zero.
        public var epsilon = 1e-8
        /// The weight decay: added to the gradient, or decoupled for AdamW.
        public var weightDecay = 0.0
        /// The momentum of SGD and RMSprop.
        public var momentum = 0.0
        /// The smoothing constant of RMSprop.
        public var alpha = 0.99
        /// The norm to which gradients are clipped; 0 turns clipping off.
        public var gradientClip = 0.0
        /// The learning-rate schedule.
        public var schedule = ScheduleKind.constant
        /// The number of warm-up steps.
        public var warmUp = 0

        /// The default optimizer: Adam as DCGAN uses it.
        public init() {}
    }

    /// The schedule of a training.
    public struct TrainingOptions: Equatable, Sendable {
        /// The batch size: real examples per step.
        public var batchSize = 1024
        /// The number of passes through the data.
        public var epochs = 100
        /// The number of steps after which the training ends; 0 for no limit.
        public var maxSteps = 0
        /// The number of discriminator updates per step.
        public var discriminatorSteps = 1
        /// The number of generator updates per step.
        public var generatorSteps = 1
        /// The number of unrolled discriminator updates in the generator's loss; 0 turns unrolling off.
        public var unrolledSteps = 0
        /// The number of examples that the discriminator sees at once (PacGAN).
        public var packing = 1
        /// The share of feature matching in the generator's loss; with 1, the objective's own loss is left out.
        public var featureMatching = 0.0
        /// The layer of the discriminator whose outputs are matched.
        public var featureLayer = "last"
        /// The weight of historical averaging: the squared distance of both players' parameters from their mean so far.
        public var historicalAverage = 0.0
        /// The size of the buffer of earlier samples that the discriminator sees again; 0 turns it off.
        public var replay = 0
        /// The augmentation of the discriminator's input.
        public var augmentation = AugmentationPolicy()
        /// Adaptive augmentation: the target mean sign of the logits of real examples; 0 augments every example.
        public var augmentationTarget = 0.0
        /// The decay of the generator's exponential moving average, which makes the samples; 0 turns it off.
        public var exponentialMovingAverage = 0.0
        /// One-sided label smoothing: labels of real examples are 1 minus this.
        public var labelSmoothing = 0.0
        /// The share of the discriminator's labels that are flipped.
        public var labelFlips = 0.0
        /// BEGAN's γ: the target ratio of the error on generated examples to that on real ones; a lower ratio gives sharper and less diverse samples.
        public var equilibriumRatio = 0.75
        /// BEGAN's λ: how fast the weight of generated examples is corrected.
        public var equilibriumRate = 0.001
        /// The initial standard deviation of the noise on the discriminator's input.
        public var instanceNoise = 0.0
        /// The number of steps over which that noise fades to zero; 0 keeps it.
        public var instanceNoiseSteps = 0
        /// The number of examples that pass through the networks at once; 0 chooses automatically.
        public var microBatch = 0

        /// The default schedule.
        public init() {}
    }

    /// When sheets of samples from the fixed noise are made, and how many samples they have.
    public struct SampleOptions: Equatable, Sendable {
        /// The number of samples per sheet.
        public var count = 64
        /// The number of epochs between two sheets.
        public var everyEpochs = 1
        /// The number of steps between two sheets; 0 turns this off.
        public var everySteps = 0

        /// The default sample options.
        public init() {}
    }

    /// When checkpoints are saved, and how many are kept.
    public struct CheckpointOptions: Equatable, Sendable {
        /// The number of epochs between two checkpoints; 0 turns this off.
        public var everyEpochs = 1
        /// The number of steps between two checkpoints; 0 turns this off.
        public var everySteps = 0
        /// The number of seconds between two checkpoints; 0 turns this off.
        public var everySeconds = 300
        /// The number of newest checkpoints to keep.
        public var keep = 3

        /// The default checkpoint options.
        public init() {}
    }

    /// How the training is monitored: samples are generated and scored now and then, with random numbers of their own.
    public struct MonitorOptions: Equatable, Sendable {
        /// The largest number of real examples between two evaluations; 0 turns them off.
        public var everyImages = 20_000
        /// The smallest number of evaluations per training, evenly spread, if the budget allows; 0 leaves it to `everyImages`.
        public var evaluations = 20
        /// The number of samples per evaluation.
        public var samples = 512
        /// The data that samples are compared with, a name or a path; empty for the training data.
        public var reference = ""
        /// The largest share of the training time that evaluations may take; an evaluation that would exceed it is skipped.
        public var budget = 0.03
        /// The largest share of the training time that layer statistics may take; 0 turns them off.
        public var layerBudget = 0.005

        /// The default monitor options.
        public init() {}
    }
}
