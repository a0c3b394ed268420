/// Everything that decides a training: its data, networks, objective, optimisers and schedule.
///
/// A value type with a default for every key. Keys are named by paths such as `network.latent`; the table
/// ``keys`` is the only place that says what exists, what it means and what is allowed.
///
/// ```swift
/// var configuration = try TrainingConfiguration(yaml: "network: {latent: 64}", source: "small.yaml")
/// try configuration.set("optimizer.learningRate", to: "1e-4")   // both players
/// let ready = try configuration.validated()
/// ```
public struct TrainingConfiguration: Equatable, Sendable {
    /// The name of the recipe that this configuration came from.
    public var recipe = "custom"
    /// The seed of every random draw; at least 0.
    public var seed = 0
    /// Where the training runs.
    public var device = DeviceChoice.automatic
    /// The number format of the heavy arithmetic.
    public var precision = Precision.float32
    /// The number of processor threads; 0 stands for all cores.
    public var threads = 0
    /// What the networks learn from.
    public var data = DataOptions()
    /// The two networks.
    public var network = NetworkOptions()
    /// What the two players strive for.
    public var objective = Objective.nonSaturating
    /// What is added to the discriminator's loss.
    public var penalties = PenaltyOptions()
    /// How each player's parameters are updated.
    public var optimizer = OptimizerOptions()
    /// The schedule of the training.
    public var training = TrainingOptions()
    /// When, and how many, samples are drawn.
    public var samples = SampleOptions()
    /// When checkpoints are saved, and how many are kept.
    public var checkpoints = CheckpointOptions()
    /// How the training is watched.
    public var monitor = MonitorOptions()

    /// A configuration of defaults.
    public init() {}

    /// Whether the examples are points in the plane, or other vectors, not images.
    public var makesPoints: Bool {
        network.architecture == .custom ? data.channels == 0 : network.architecture.isForPoints
    }
}

extension TrainingConfiguration {
    /// The data that the networks learn from.
    public struct DataOptions: Equatable, Sendable {
        /// A data set's name, or a path.
        public var source = "mnist"
        /// The side of the square images in pixels; 0 keeps the stored size.
        public var imageSize = 0
        /// The number of colour channels; 0 keeps what is stored.
        public var channels = 0
        /// The number of samples used, from the first; 0 stands for all.
        public var limit = 0
        /// How much of each class is used; all of it without labels.
        public var classPortions = ClassPortions.whole
        /// Whether unreadable images are skipped instead of ending the work.
        public var skipBroken = false

        /// Whether the data are points in the plane, not images.
        var isOfPoints: Bool { ["ring", "grid"].contains(source) }

        /// The default data options.
        public init() {}
    }

    /// The shape of the two networks.
    public struct NetworkOptions: Equatable, Sendable {
        /// The family of the networks.
        public var architecture = Architecture.article
        /// The number of entries of the latent vector.
        public var latent = 128
        /// How they are distributed.
        public var latentDistribution = LatentDistribution.normal
        /// The generator's base number of feature maps.
        public var generatorWidth = 128
        /// The discriminator's base number of feature maps.
        public var discriminatorWidth = 64
        /// Whether the discriminator's weights are divided by their largest singular value.
        public var spectralNorm = false
        /// The number of kernels by which the discriminator compares the examples of a batch; 0 leaves them apart.
        public var minibatchDiscrimination = 0
        /// Whether the generator's batch norm takes a fixed batch's statistics.
        public var virtualBatchNorm = false
        /// The number of classes of which both players are told that of an example; 0 tells them nothing.
        public var classes = 0

        /// The default network options.
        public init() {}
    }

    /// What keeps the discriminator's slope in bounds.
    public struct PenaltyOptions: Equatable, Sendable {
        /// A penalty's weight, 0 to leave it out, and how many steps lie between two of its counts.
        public struct Option: Equatable, Sendable {
            /// The weight; 0 leaves the penalty out.
            public var weight = 0.0
            /// The number of steps between two counts, which then count as many times over.
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
        /// Answers near their moving averages (LeCam).
        public var lecam = Option()
        /// The bound to which the discriminator's weights are cut; 0 leaves them as they are.
        public var weightClip = 0.0

        /// No penalties.
        public init() {}

        /// All of them, with their names.
        var named: [(name: String, option: Option)] {
            [("gradient", gradient), ("dragan", dragan), ("r1", r1), ("r2", r2), ("lecam", lecam)]
        }

        /// Those that count, with their names.
        public var all: [(name: String, option: Option)] {
            named.filter {
                $0.1.weight > 0
            }
        }
    }

    /// The optimisers of the two players.
    public struct OptimizerOptions: Equatable, Sendable {
        /// The generator's optimiser.
        public var generator = PlayerOptimizer()
        /// The discriminator's optimiser.
        public var discriminator = PlayerOptimizer()

        /// The default optimisers.
        public init() {}
    }

    /// One player's optimiser.
    public struct PlayerOptimizer: Equatable, Sendable {
        /// The update rule.
        public var kind = OptimizerKind.adam
        /// The step size.
        public var learningRate = 0.0002
        /// The decay of Adam's first moment.
        public var beta1 = 0.5
        /// The decay of Adam's second moment.
        public var beta2 = 0.999
        /// The term that keeps denominators from zero.
        public var epsilon = 1e-8
        /// The weight decay: added to the gradient, or decoupled for AdamW.
        public var weightDecay = 0.0
        /// The momentum of SGD and RMSprop.
        public var momentum = 0.0
        /// The smoothing constant of RMSprop.
        public var alpha = 0.99
        /// The longest gradient that is followed; longer ones are shortened. 0 follows any.
        public var gradientClip = 0.0
        /// How the learning rate changes in the course of the training.
        public var schedule = ScheduleKind.constant
        /// The number of steps over which the learning rate rises at first.
        public var warmUp = 0

        /// The default optimiser: Adam as DCGAN uses it.
        public init() {}
    }

    /// The schedule of a training.
    public struct TrainingOptions: Equatable, Sendable {
        /// The number of real images in a step.
        public var batchSize = 1024
        /// The number of passes through the data.
        public var epochs = 100
        /// The number of steps after which the training ends; 0 sets no limit.
        public var maxSteps = 0
        /// The number of discriminator updates in a step.
        public var discriminatorSteps = 1
        /// The number of generator updates in a step.
        public var generatorSteps = 1
        /// The number of discriminator updates through which the generator looks ahead; 0 looks at it as it is.
        public var unrolledSteps = 0
        /// The number of examples that the discriminator sees at once.
        public var packing = 1
        /// The share of the generator's loss that is the distance of mean features; 1 leaves the objective's out.
        public var featureMatching = 0.0
        /// The layer of the discriminator whose output those features are.
        public var featureLayer = "last"
        /// The weight of the distance of both players' parameters from their mean so far.
        public var historicalAverage = 0.0
        /// The number of generated examples that are kept and shown to the discriminator again; 0 keeps none.
        public var replay = 0
        /// The changes that examples go through before the discriminator sees them.
        public var augmentation = AugmentationPolicy()
        /// The mean sign of the answers to real examples at which their share is held; 0 changes every example.
        public var augmentationTarget = 0.0
        /// How much of the generator's moving average stays at a step; 0 makes samples from the generator itself.
        public var generatorAverage = 0.0
        /// How much less than 1 the labels of real examples are.
        public var labelSmoothing = 0.0
        /// The share of labels that are flipped.
        public var labelFlips = 0.0
        /// BEGAN's γ: how much of the error on real examples that on generated ones is to be; less is sharper and less diverse.
        public var equilibriumRatio = 0.75
        /// BEGAN's λ: how fast the weight of generated examples follows the imbalance.
        public var equilibriumRate = 0.001
        /// The deviation of the noise on what the discriminator sees, at first.
        public var instanceNoise = 0.0
        /// The number of steps after which that noise is gone; 0 keeps it.
        public var instanceNoiseSteps = 0
        /// The number of images in a piece of a batch; 0 is chosen automatically.
        public var microBatch = 0

        /// The default schedule.
        public init() {}
    }

    /// When samples are drawn from the fixed noise, and how many.
    public struct SampleOptions: Equatable, Sendable {
        /// The number of images of a sheet.
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
        /// The number of newest checkpoints that are kept.
        public var keep = 3

        /// The default checkpoint options.
        public init() {}
    }
    /// How the training is watched: samples are drawn and scored now and then, on random numbers of their own.
    public struct MonitorOptions: Equatable, Sendable {
        /// The largest number of real images between two evaluations; 0 turns them off.
        public var everyImages = 20_000
        /// How many evaluations a training gets at the least, evenly spread from its first steps on, if the budget allows; 0 leaves
        /// it to `everyImages`.
        public var evaluations = 20
        /// The number of samples that an evaluation looks at.
        public var samples = 512
        /// What samples are compared with, a data set's name or a path; empty for the data that the training sees.
        public var reference = ""
        /// The largest share of the training's time that evaluations may take; one that would take more is left out.
        public var budget = 0.03
        /// The largest share of the training's time that looks into the layers may take; 0 turns them off.
        public var layerBudget = 0.005

        /// The default monitor options.
        public init() {}
    }
}
