extension TrainingConfiguration {
    /// Checks every key and the conflicts between keys, and returns the configuration.
    ///
    /// - Throws: ``ConfigurationError`` for the first problem.
    public func validated() throws -> TrainingConfiguration {
        var copy = self
        for key in TrainingConfiguration.keys { try key.write(&copy, key.read(self)) }
        try checkMomentum("generator", optimizer.generator)
        try checkMomentum("discriminator", optimizer.discriminator)
        for conflict in conflicts { throw ConfigurationError.conflict(conflict) }
        return copy
    }

    /// The conflicts between settings, in words.
    private var conflicts: [String] {
        let (training, network) = (training, network)
        let batch = "“training.batchSize” (\(training.batchSize))"
        let name = "The objective “\(objective.rawValue)”"
        let changesImages = !training.augmentation.changes.isEmpty
        let slopes = penalties.all.map(\.kind).filter(\.usesSlopes)
        let judgesBatches = network.architecture == .dcgan || network.minibatchDiscrimination > 0
        let makesBatches = [.dcgan, .maxout, .residual].contains(network.architecture) && !network.virtualBatchNorm
        let needsBatch = judgesBatches || makesBatches || training.featureMatching > 0 || training.unrolledSteps > 0
        let dead = penalties.named.first {
            $0.option.weight == 0 && $0.option.interval != PenaltyOptions.Option().interval
        }
        let isBounded = !slopes.isEmpty || penalties.weightClip > 0 || network.spectralNorm
        let isPenalized = !penalties.all.isEmpty || penalties.weightClip > 0
        let rules: [(isBroken: Bool, words: String)] = [
            (
                training.packing > training.batchSize,
                "The key “training.packing” (\(training.packing)) is larger than \(batch); lower it."
            ),
            (
                training.microBatch > training.batchSize,
                "The key “training.microBatch” (\(training.microBatch)) is larger than \(batch); lower it, or set it to 0 to "
                    + "have it chosen."
            ),
            (
                training.replay > 0 && training.replay < training.batchSize,
                "The key “training.replay” (\(training.replay)) is smaller than \(batch); keep at least a batch."
            ),
            (
                (training.labelSmoothing > 0 || training.labelFlips > 0) && !objective.hasProbabilities,
                "\(name) has no labels to smooth or flip; set “training.labelSmoothing” and “training.labelFlips” to 0, or "
                    + "choose minimax, non-saturating or dragan."
            ),
            (
                objective == .began && (training.featureMatching > 0 || network.minibatchDiscrimination > 0),
                "\(name) has an autoencoder in place of a discriminator's answer; set “training.featureMatching” and "
                    + "“network.minibatchDiscrimination” to 0."
            ),
            (
                objective == .began && training.packing > 1,
                "\(name) has an autoencoder, which copies single examples; set “training.packing” to 1."
            ),
            (
                objective == .began && ![.article, .mlp, .custom].contains(network.architecture),
                "\(name) has an autoencoder made of the two networks; choose “network.architecture” article or mlp."
            ),
            (
                !slopes.isEmpty && judgesBatches,
                "With batch norm (dcgan) or minibatch discrimination, the logit of an example depends on the others, so that its slope is "
                    + "meaningless: set \(slopes.map { "“penalties.\($0.rawValue).weight”" }.joined(separator: " and ")) to 0, or choose another "
                    + "“network.architecture” and set “network.minibatchDiscrimination” to 0."
            ),
            (
                training.microBatch > 0 && training.microBatch < training.batchSize && needsBatch,
                "Batch norm, minibatch discrimination, feature matching and unrolled steps need the whole batch: set "
                    + "“training.microBatch” to 0."
            ),
            (
                objective == .began && network.classes > 0,
                "\(name) has an autoencoder, which cannot be conditional; set “network.classes” to 0."
            ),
            (
                network.classes > 0 && training.packing > 1,
                "Packed examples do not have a single class: set “training.packing” to 1 or “network.classes” to 0."
            ),
            (
                network.classes > 0 && training.replay > 0,
                "Samples of earlier steps have other classes: set “training.replay” or “network.classes” to 0."
            ),
            (
                dead != nil,
                "The key “penalties.\(dead?.kind.rawValue ?? "").interval” is set for a penalty with weight 0; set “penalties."
                    + "\(dead?.kind.rawValue ?? "").weight”, or the interval to \(PenaltyOptions.Option().interval)."
            ),
            (
                objective == .wasserstein && !isBounded,
                "\(name) needs a bound on the discriminator's slope: set “penalties.weightClip”, for example to 0.01, or the weight "
                    + "of a penalty, or “network.spectralNorm” to true."
            ),
            (
                objective == .wassersteinGradientPenalty && penalties.gradient.weight == 0,
                "\(name) is the objective wasserstein with the gradient penalty: set “penalties.gradient.weight”, for example to 10, "
                    + "or choose wasserstein."
            ),
            (
                objective == .dragan && penalties.dragan.weight == 0,
                "\(name) is the objective non-saturating with DRAGAN's penalty: set “penalties.dragan.weight”, for example to 10, or "
                    + "choose non-saturating."
            ),
            (
                !needsItsProgram && network.architecture.isForPoints != data.isOfPoints,
                data.isOfPoints
                    ? "The key “data.source” (\(data.source)) holds points, which the architecture “\(network.architecture.rawValue)” cannot "
                        + "generate; set “network.architecture” to mlp or maxout."
                    : "The key “network.architecture” (\(network.architecture.rawValue)) generates points, not images; choose "
                        + "article, dcgan, residual or r3gan, or set “data.source” to ring or grid."
            ),
            (
                changesImages && network.architecture.isForPoints,
                "Points cannot be augmented; set “training.augmentation” to none, or choose "
                    + "“training.instanceNoise”."
            ),
            (
                changesImages && training.packing > 1,
                "Packed images cannot be augmented: set “training.augmentation” to none or “training.packing” to 1."
            ),
            (
                training.augmentationTarget > 0 && !(objective.hasProbabilities || objective == .hinge),
                "“training.augmentationTarget” needs logits whose sign has a meaning, which the objective “\(objective.rawValue)” does not have; set it to 0, or "
                    + "choose minimax, non-saturating, dragan or hinge."
            ),
            (
                training.augmentationTarget > 0 && !changesImages,
                "“training.augmentationTarget” needs an augmentation; set “training.augmentation”, for example to "
                    + "color,translation,cutout."
            ),
            (
                training.unrolledSteps > 0 && isPenalized,
                "Unrolled steps do not support penalties: set “training.unrolledSteps” to 0, or the weights under “penalties” and "
                    + "“penalties.weightClip”."
            ),
            (
                training.unrolledSteps > 0
                    && (training.labelFlips > 0 || training.historicalAverage > 0
                        || optimizer.discriminator.gradientClip > 0),
                "Unrolled steps support plain updates only: set “training.unrolledSteps” to 0, or “training.labelFlips”, "
                    + "“training.historicalAverage” and “optimizer.discriminator.gradientClip”."
            ),
            (
                training.instanceNoiseSteps > 0 && training.instanceNoise == 0,
                "“training.instanceNoiseSteps” has no effect without instance noise; set “training.instanceNoise”, for example to "
                    + "0.1, or the steps to 0."
            ),
            (
                training.featureLayer != TrainingOptions().featureLayer && training.featureMatching == 0,
                "The key “training.featureLayer” (\(training.featureLayer)) has no effect without feature matching; set "
                    + "“training.featureMatching”, for example to 1, or the layer to \(TrainingOptions().featureLayer)."
            ),
            (
                objective != .began
                    && (training.equilibriumRatio != TrainingOptions().equilibriumRatio
                        || training.equilibriumRate != TrainingOptions().equilibriumRate),
                "\(name) does not use BEGAN's equilibrium; leave “training.equilibriumRatio” and “training.equilibriumRate” at "
                    + "\(TrainingOptions().equilibriumRatio.plainDescription) and \(TrainingOptions().equilibriumRate.plainDescription), or choose began."
            ),
            (
                network.architecture == .custom && network.minibatchDiscrimination > 0,
                "Custom networks implement minibatch discrimination themselves; set “network.minibatchDiscrimination” to 0."
            ),
            (
                network.architecture == .r3gan && network.spectralNorm,
                "R3GAN's blocks start at zero, so their norm is zero: set “network.spectralNorm” to false."
            ),
            (
                network.virtualBatchNorm && ![.dcgan, .maxout, .residual].contains(network.architecture),
                "The architecture “\(network.architecture.rawValue)” has no batch norm; set "
                    + "“network.virtualBatchNorm” to false, or choose dcgan, residual or maxout."
            ),
            (
                network.architecture == .r3gan
                    && (network.generatorWidth % 8 != 0 || network.discriminatorWidth % 8 != 0),
                "R3GAN's convolutions work in groups of 16 of twice the width: make “network.generatorWidth” "
                    + "(\(network.generatorWidth)) and “network.discriminatorWidth” (\(network.discriminatorWidth)) multiples of 8."
            ),
        ]
        return rules.filter(\.isBroken).map(\.words)
    }

    private func checkMomentum(_ player: String, _ optimizer: PlayerOptimizer) throws {
        guard optimizer.momentum == 0 || optimizer.kind.hasMomentum else {
            throw ConfigurationError.conflict(
                "The key “optimizer.\(player).momentum” is \(optimizer.momentum.plainDescription), but "
                    + "\(optimizer.kind.rawValue) has no momentum; set it to 0, or choose sgd or rmsprop.")
        }
    }
}
