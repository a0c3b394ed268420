extension Configuration {
    /// This configuration, after every key and the keys' agreement with each other were checked.
    ///
    /// - Throws: ``ConfigurationError`` for the first problem.
    public func validated() throws -> Configuration {
        var copy = self
        for key in Configuration.keys { try key.write(&copy, key.read(self)) }
        try checkMomentum("generator", optimizer.generator)
        try checkMomentum("discriminator", optimizer.discriminator)
        for conflict in conflicts { throw ConfigurationError.conflict(conflict) }
        return copy
    }

    /// What does not go together, in words.
    private var conflicts: [String] {
        let (training, network) = (training, network)
        let batch = "“training.batchSize” (\(training.batchSize))"
        let name = "The objective “\(objective.rawValue)”"
        let hasLabels = [Objective.minimax, .nonSaturating, .dragan].contains(objective)
        let changesImages = !training.augmentation.changes.isEmpty
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
                (training.labelSmoothing > 0 || training.labelFlips > 0) && !hasLabels,
                "\(name) has no labels to smooth or flip; set “training.labelSmoothing” and “training.labelFlips” to 0, or "
                    + "choose minimax, non-saturating or dragan."
            ),
            (
                objective == .began && (training.featureMatching > 0 || network.minibatchDiscrimination > 0),
                "\(name) has an autoencoder in place of a discriminator's answer; set “training.featureMatching” and "
                    + "“network.minibatchDiscrimination” to 0."
            ),
            (
                objective == .began && network.classes > 0,
                "\(name) has an autoencoder, which is told no classes; set “network.classes” to 0."
            ),
            (
                network.classes > 0 && training.packing > 1,
                "Sets of examples have no one class: set “training.packing” to 1 or “network.classes” to 0."
            ),
            (
                network.classes > 0 && training.replay > 0,
                "Examples of earlier steps are of other classes: set “training.replay” or “network.classes” to 0."
            ),
            (
                changesImages && network.architecture.isForPoints,
                "Points cannot be augmented as images are; set “training.augmentation” to none, or choose "
                    + "“training.instanceNoise”."
            ),
            (
                changesImages && training.packing > 1,
                "Images are augmented one by one, not in sets: set “training.augmentation” to none or “training.packing” to 1."
            ),
            (
                training.augmentationTarget > 0 && !changesImages,
                "The key “training.augmentationTarget” needs changes to make; set “training.augmentation”, for example to "
                    + "color,translation,cutout."
            ),
            (
                training.unrolledSteps > 0 && isPenalized,
                "Unrolled steps know no penalties: set “training.unrolledSteps” to 0, or the weights under “penalties” and "
                    + "“penalties.weightClip”."
            ),
            (
                network.virtualBatchNorm && ![.dcgan, .maxout, .residual].contains(network.architecture),
                "The architecture “\(network.architecture.rawValue)” has no batch norm to replace; set "
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
