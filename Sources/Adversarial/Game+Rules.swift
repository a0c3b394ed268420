public import Torch

extension Game {
    /// The settings of a step apart from the players and the loss.
    public struct Rules {
        /// The generator's input.
        public var latent: LatentSpace
        /// The number of discriminator updates per step (k in the article).
        public var discriminatorSteps: Int
        /// The number of generator updates per step.
        public var generatorSteps = 1
        /// The number of further discriminator updates through which the generator's gradient flows (unrolled GAN).
        ///
        /// Source: Metz et al. 2016 (arXiv 1611.02163).
        public var unrolledSteps = 0
        /// The type in which convolutions and matrix products run; `nil` uses float32 throughout.
        public var autocast: DType?
        /// The number of examples that go through the networks at once. Gradients are accumulated over the whole batch.
        public var microBatch: Int
        /// Penalties added to the discriminator's loss.
        public var penalties: [WeightedPenalty] = []
        /// The discriminator's weights are clipped to ± this value after each of its updates; 0 disables clipping.
        public var weightClip = 0.0
        /// The number of examples that the discriminator sees at once, concatenated along channels or coordinates
        /// (PacGAN, arXiv 1712.04086). This makes sets without diversity easy to tell from real ones.
        public var packing = 1
        /// Smoothing and flipping of the discriminator's labels.
        public var labels = LabelNoise()
        /// Noise added to the examples that the discriminator sees.
        public var instanceNoise: InstanceNoise?
        /// Augmentation of the examples that the discriminator sees.
        public var augmentation: Augmentation?
        /// A buffer of earlier generated examples that the discriminator sees again.
        public var replay: ReplayBuffer?
        /// Feature matching, which supplements or replaces the generator's loss.
        public var featureMatching: FeatureMatching?
        /// The largest gradient norm of each player; longer gradients are scaled down to it. 0 disables clipping.
        public var generatorClip = 0.0
        public var discriminatorClip = 0.0

        /// - Parameter microBatch: the whole batch by default.
        public init(
            latent: LatentSpace, discriminatorSteps: Int = 1, autocast: DType? = nil, microBatch: Int = .max
        ) {
            self.latent = latent
            self.discriminatorSteps = discriminatorSteps
            self.autocast = autocast
            self.microBatch = microBatch
        }
    }

    /// The squared distance between a layer's mean outputs for real and generated examples, ‖E f(x) − E f(G(z))‖²,
    /// which makes up a share of the generator's loss.
    ///
    /// Source: Salimans et al. 2016 (arXiv 1606.03498), section 3.1, where it is the entire loss.
    public struct FeatureMatching: Sendable {
        /// From 0 to 1; the adversarial loss has the remaining weight.
        public var share: Double
        /// The name of the discriminator's layer.
        public var layer: String

        public init(share: Double, layer: String) {
            self.share = share
            self.layer = layer
        }
    }
}
