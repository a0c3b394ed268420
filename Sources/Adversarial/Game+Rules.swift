public import Torch

extension Game {
    /// What a step needs besides the players.
    public struct Rules {
        /// The generator's input.
        public var latent: LatentSpace
        /// How often the discriminator is updated before the generator is (k in the article).
        public var discriminatorSteps: Int
        /// How often the generator is updated in a step.
        public var generatorSteps = 1
        /// Through how many further updates of the discriminator the generator's gradient flows.
        ///
        /// Source: Metz et al. 2016 (arXiv 1611.02163).
        public var unrolledSteps = 0
        /// The type that convolutions and matrix products run in; `nil` is float32 throughout.
        public var autocast: DType?
        /// How many examples go through the networks at once. The gradient is the whole batch's all the same.
        public var microBatch: Int
        /// What is added to the discriminator's loss.
        public var penalties: [WeightedPenalty] = []
        /// After each of its updates the discriminator's weights are cut to ± this; 0 leaves them as they are.
        public var weightClip = 0.0
        /// How many examples the discriminator sees at once, laid behind each other as channels or coordinates
        /// (PacGAN, arXiv 1712.04086): a set without diversity is then easily told from real ones.
        public var packing = 1
        /// Labels that are not quite true.
        public var labels = LabelNoise()
        /// Noise on what the discriminator sees.
        public var instanceNoise: InstanceNoise?
        /// Changes of what the discriminator sees.
        public var augmentation: Augmentation?
        /// Earlier generated examples that the discriminator is shown again.
        public var replay: ReplayBuffer?
        /// What the generator minimises beside, or in place of, the objective's loss.
        public var featureMatching: FeatureMatching?
        /// The longest gradient that each player follows: longer ones are shortened; 0 follows any.
        public var generatorClip = 0.0
        public var discriminatorClip = 0.0

        /// - Parameter microBatch: by default the whole batch.
        public init(
            latent: LatentSpace, discriminatorSteps: Int = 1, autocast: DType? = nil, microBatch: Int = .max
        ) {
            self.latent = latent
            self.discriminatorSteps = discriminatorSteps
            self.autocast = autocast
            self.microBatch = microBatch
        }
    }

    /// The squared distance between a layer's mean outputs for real and for generated examples, ‖E f(x) − E f(G(z))‖², as a
    /// share of the generator's loss.
    ///
    /// Source: Salimans et al. 2016 (arXiv 1606.03498), section 3.1, where it is the whole of it.
    public struct FeatureMatching: Sendable {
        /// From 0 to 1; the rest is the objective's.
        public var share: Double
        /// The discriminator's layer, by name.
        public var layer: String

        public init(share: Double, layer: String) {
            self.share = share
            self.layer = layer
        }
    }
}
