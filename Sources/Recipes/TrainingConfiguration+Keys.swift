extension TrainingConfiguration {
    /// Every key, in the order in which configurations are written.
    public static let keys: [ConfigurationKey] =
        general + dataKeys + networkKeys + penaltyKeys
        + optimizerKeys("optimizer.generator", .generator, of: "the generator's")
        + optimizerKeys("optimizer.discriminator", .discriminator, of: "the discriminator's")
        + trainingKeys + sampleKeys + checkpointKeys + monitorKeys

    /// The keys that set both players at once, such as `optimizer.learningRate`; reading gives the generator's.
    ///
    /// In one file a player's own key wins over a shared one, whatever their order.
    public static let sharedKeys: [ConfigurationKey] = {
        let generators = optimizerKeys("optimizer", .generator, of: "both players'")
        let discriminators = optimizerKeys("optimizer", .discriminator, of: "both players'")
        return zip(generators, discriminators).map { generator, discriminator in
            ConfigurationKey(
                path: generator.path, summary: generator.summary, kind: generator.kind, allowed: generator.allowed,
                read: generator.read
            ) { configuration, value in
                try generator.write(&configuration, value)
                try discriminator.write(&configuration, value)
            }
        }
    }()

    /// The names at the top of a recipe, in order.
    static let sections: [String] = keys.reduce(into: []) { sections, key in
        let section = String(key.path.prefix { $0 != "." })
        if sections.last != section { sections.append(section) }
    }

    /// The names of a section's keys, in order; none if there is no such section.
    static func names(in section: String) -> [String] {
        let names = (sharedKeys + keys).compactMap { key -> String? in
            guard key.path.hasPrefix(section + ".") else { return nil }
            return String(key.path.dropFirst(section.count + 1).prefix { $0 != "." })
        }
        return names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static let general: [ConfigurationKey] = [
        .text("recipe", \.recipe, "a name", "the name of the recipe"),
        .integer("seed", \.seed, 0...Int.max, "random seed"),
        .word(
            "device", \.device, ["auto", "cpu", "cuda", "mps"], "auto, cpu, cuda, cuda:N or mps",
            "device that the training runs on"),
        .choice("precision", \.precision, "number format of convolutions and matrix products"),
        .integer("threads", \.threads, 0...512, zero: "all cores", "CPU threads"),
    ]

    private static let dataKeys: [ConfigurationKey] = [
        .text("data.source", \.data.source, "the name of a dataset, or a path", "training data"),
        .integer(
            "data.imageSize", \.data.imageSize, among: [0, 28, 32, 64, 128], zero: "as stored",
            "side of the square images in pixels; others are resized and cropped"),
        .integer("data.channels", \.data.channels, among: [0, 1, 3], zero: "as stored", "color channels"),
        .integer("data.limit", \.data.limit, 0...1_000_000_000, zero: "all", "number of examples used, from the first"),
        .word(
            "data.classPortions", \.data.classPortions, [],
            "classes and the portion of each to keep, such as \"7=0, 4=0.1\" (empty: all of every class)",
            "portion of each class that is used"),
        .boolean("data.skipBroken", \.data.skipBroken, "skip unreadable images instead of failing"),
    ]

    private static let networkKeys: [ConfigurationKey] = [
        .choice("network.architecture", \.network.architecture, "network architecture"),
        .integer("network.latent", \.network.latent, 1...65536, "length of the latent vector"),
        .choice(
            "network.latentDistribution", \.network.latentDistribution,
            "distribution of the latent vector's entries"),
        .integer(
            "network.generatorWidth", \.network.generatorWidth, 1...8192, "base number of feature maps in the generator"
        ),
        .integer(
            "network.discriminatorWidth", \.network.discriminatorWidth, 1...8192,
            "base number of feature maps in the discriminator"),
        .boolean(
            "network.spectralNorm", \.network.spectralNorm, "spectral normalization of the discriminator's weights"),
        .integer(
            "network.minibatchDiscrimination", \.network.minibatchDiscrimination, 0...4096, zero: "off",
            "kernels of minibatch discrimination in the discriminator"),
        .boolean(
            "network.virtualBatchNorm", \.network.virtualBatchNorm,
            "virtual batch norm in the generator: statistics of a fixed batch"),
        .integer(
            "network.classes", \.network.classes, 0...1000, zero: "unconditional",
            "number of classes of a conditional model"),
        .objective,
    ]

    private static let penaltyKeys: [ConfigurationKey] =
        penalty(
            "gradient", \.penalties.gradient.weight, \.penalties.gradient.interval,
            "the gradient penalty (WGAN-GP): slope 1 between real and generated examples")
        + penalty(
            "dragan", \.penalties.dragan.weight, \.penalties.dragan.interval,
            "DRAGAN's penalty: slope 1 around the data")
        + penalty("r1", \.penalties.r1.weight, \.penalties.r1.interval, "R1: slope 0 at real examples")
        + penalty("r2", \.penalties.r2.weight, \.penalties.r2.interval, "R2: slope 0 at generated examples")
        + penalty(
            "lecam", \.penalties.lecam.weight, \.penalties.lecam.interval,
            "LeCam regularization: logits near their moving averages")
        + [
            .number(
                "penalties.weightClip", \.penalties.weightClip, "a number of at least 0 (0: off)",
                "bound to which the discriminator's weights are clipped"
            ) { $0 >= 0 }
        ]

    private static func penalty(
        _ name: String, _ weight: any ConfigurationKey.Place<Double>, _ interval: any ConfigurationKey.Place<Int>,
        _ summary: String
    ) -> [ConfigurationKey] {
        [
            .number("penalties.\(name).weight", weight, "a number from 0 to 1000000 (0: off)", "weight of \(summary)") {
                (0...1_000_000).contains($0)
            },
            .integer(
                "penalties.\(name).interval", interval, 1...10_000,
                "steps between two applications (lazy regularization)"),
        ]
    }

    private static func optimizerKeys(
        _ path: String, _ player: Player, of whose: String
    ) -> [ConfigurationKey] {
        func place<Value>(_ part: any WritableKeyPath<PlayerOptimizer, Value> & Sendable)
            -> any ConfigurationKey.Place<Value>
        {
            \.[player, part]
        }
        let fraction = "a number from 0 up to, but not including, 1"
        return [
            .choice("\(path).kind", place(\.kind), "\(whose) optimizer"),
            .number(
                "\(path).learningRate", place(\.learningRate), "a number above 0, up to 1000", "\(whose) learning rate"
            ) {
                $0 > 0 && $0 <= 1000
            },
            .number("\(path).beta1", place(\.beta1), fraction, "\(whose) decay rate of Adam's first moment") {
                (0..<1).contains($0)
            },
            .number("\(path).beta2", place(\.beta2), fraction, "\(whose) decay rate of Adam's second moment") {
                (0..<1).contains($0)
            },
            .number(
                "\(path).epsilon", place(\.epsilon), "a number above 0, up to 1",
                "\(whose) epsilon, which keeps denominators from zero"
            ) { $0 > 0 && $0 <= 1 },
            .number("\(path).weightDecay", place(\.weightDecay), "a number from 0 to 1000", "\(whose) weight decay") {
                (0...1000).contains($0)
            },
            .number("\(path).momentum", place(\.momentum), fraction, "\(whose) momentum (sgd and rmsprop)") {
                (0..<1).contains($0)
            },
            .number("\(path).alpha", place(\.alpha), fraction, "\(whose) smoothing constant (rmsprop)") {
                (0..<1).contains($0)
            },
            .number(
                "\(path).gradientClip", place(\.gradientClip), "a number of at least 0 (0: off)",
                "norm to which \(whose) gradient is clipped"
            ) { $0 >= 0 },
            .choice("\(path).schedule", place(\.schedule), "\(whose) learning-rate schedule"),
            .integer(
                "\(path).warmUp", place(\.warmUp), 0...1_000_000_000, zero: "none", "\(whose) warm-up steps"
            ),
        ]
    }

    private static let trainingKeys: [ConfigurationKey] = [
        .integer("training.batchSize", \.training.batchSize, 1...1_000_000, "batch size: real examples per step"),
        .integer("training.epochs", \.training.epochs, 1...Int.max, "passes through the data"),
        .integer(
            "training.maxSteps", \.training.maxSteps, 0...Int.max, zero: "no limit",
            "number of steps after which the training ends"),
        .integer(
            "training.discriminatorSteps", \.training.discriminatorSteps, 1...1000,
            "discriminator updates per step"),
        .integer("training.generatorSteps", \.training.generatorSteps, 1...1000, "generator updates per step"),
        .integer(
            "training.unrolledSteps", \.training.unrolledSteps, 0...100, zero: "off",
            "unrolled discriminator updates in the generator's loss (unrolled GAN)"),
        .integer(
            "training.packing", \.training.packing, 1...64, "examples that the discriminator sees at once (PacGAN)"),
        .number(
            "training.exponentialMovingAverage", \.training.exponentialMovingAverage,
            "a number from 0 up to, but not including, 1 (0: off)",
            "decay of the generator's exponential moving average, which makes the samples"
        ) { (0..<1).contains($0) },
        .number(
            "training.labelSmoothing", \.training.labelSmoothing, "a number from 0 up to, but not including, 0.5",
            "one-sided label smoothing: real labels are 1 minus this"
        ) { (0..<0.5).contains($0) },
        .number(
            "training.labelFlips", \.training.labelFlips, "a number from 0 up to, but not including, 0.5",
            "share of the discriminator's labels that are flipped"
        ) { (0..<0.5).contains($0) },
        .number(
            "training.equilibriumRatio", \.training.equilibriumRatio, "a number above 0, up to 1",
            "BEGAN's γ: target ratio of the error on generated examples to that on real ones"
        ) { $0 > 0 && $0 <= 1 },
        .number(
            "training.equilibriumRate", \.training.equilibriumRate, "a number above 0, up to 1",
            "BEGAN's λ: how fast the balance is corrected"
        ) { $0 > 0 && $0 <= 1 },
        .number(
            "training.instanceNoise", \.training.instanceNoise, "a number from 0 to 1000 (0: off)",
            "initial standard deviation of the noise on the discriminator's input"
        ) { (0...1000).contains($0) },
        .integer(
            "training.instanceNoiseSteps", \.training.instanceNoiseSteps, 0...Int.max, zero: "never",
            "number of steps over which that noise fades to zero"),
        .number(
            "training.featureMatching", \.training.featureMatching, "a number from 0 to 1 (0: off, 1: nothing else)",
            "share of feature matching in the generator's loss"
        ) { (0...1).contains($0) },
        .text(
            "training.featureLayer", \.training.featureLayer, "a layer's name, such as convolve.1, or last",
            "layer of the discriminator whose features are matched"),
        .number(
            "training.historicalAverage", \.training.historicalAverage, "a number from 0 to 1000000 (0: off)",
            "weight of historical averaging: squared distance of the parameters from their mean so far"
        ) { (0...1_000_000).contains($0) },
        .integer(
            "training.replay", \.training.replay, 0...10_000_000, zero: "off",
            "size of the buffer of earlier samples that the discriminator sees again"),
        .word(
            "training.augmentation", \.training.augmentation, AugmentationPolicy.examples,
            AugmentationPolicy.allowed, "augmentation of the discriminator's input (DiffAugment)"),
        .number(
            "training.augmentationTarget", \.training.augmentationTarget,
            "a number from 0 up to, but not including, 1 (0: every example is augmented)",
            "adaptive augmentation: target mean sign of the logits of real examples (ADA)"
        ) { (0..<1).contains($0) },
        .integer(
            "training.microBatch", \.training.microBatch, 0...1_000_000, zero: "chosen automatically",
            "examples that pass through the networks at once; gradients are accumulated"),
    ]

    private static let sampleKeys: [ConfigurationKey] = [
        .integer("samples.count", \.samples.count, 1...1024, "samples per sheet"),
        .integer("samples.everyEpochs", \.samples.everyEpochs, 1...Int.max, "epochs between two sheets"),
        .integer(
            "samples.everySteps", \.samples.everySteps, 0...Int.max, zero: "off", "steps between two sheets"),
    ]

    private static let checkpointKeys: [ConfigurationKey] = [
        .integer(
            "checkpoints.everyEpochs", \.checkpoints.everyEpochs, 0...Int.max, zero: "off",
            "epochs between two checkpoints"),
        .integer(
            "checkpoints.everySteps", \.checkpoints.everySteps, 0...Int.max, zero: "off",
            "steps between two checkpoints"),
        .integer(
            "checkpoints.everySeconds", \.checkpoints.everySeconds, 0...Int.max, zero: "off",
            "seconds between two checkpoints"),
        .integer(
            "checkpoints.keep", \.checkpoints.keep, 1...Int.max,
            "number of newest checkpoints to keep, besides those that a repair may need"),
    ]

    private static let monitorKeys: [ConfigurationKey] = [
        .integer(
            "monitor.everyImages", \.monitor.everyImages, 0...Int.max, zero: "off",
            "largest number of real examples between two evaluations"),
        .integer(
            "monitor.evaluations", \.monitor.evaluations, 0...100_000, zero: "off",
            "smallest number of evaluations per training, if the budget allows"),
        .integer("monitor.samples", \.monitor.samples, 32...100_000, "samples per evaluation"),
        .text(
            "monitor.reference", \.monitor.reference, "the name of a dataset or a path (empty: the training's data)",
            "data that samples are compared with", orEmpty: true),
        .number(
            "monitor.budget", \.monitor.budget, "a number above 0, up to 1",
            "largest share of the training time that evaluations may take"
        ) { $0 > 0 && $0 <= 1 },
        .number(
            "monitor.layerBudget", \.monitor.layerBudget, "a number from 0 (off) to 1",
            "largest share of the training time that layer statistics may take"
        ) { $0 >= 0 && $0 <= 1 },
    ]
}

extension TrainingConfiguration {
    /// A player, as a part of a key path.
    fileprivate enum Player: Hashable, Sendable { case generator, discriminator }

    /// A part of a player's optimizer.
    fileprivate subscript<Value>(player: Player, part: WritableKeyPath<PlayerOptimizer, Value>) -> Value {
        get {
            switch player {
            case .generator: optimizer.generator[keyPath: part]
            case .discriminator: optimizer.discriminator[keyPath: part]
            }
        }
        set {
            switch player {
            case .generator: optimizer.generator[keyPath: part] = newValue
            case .discriminator: optimizer.discriminator[keyPath: part] = newValue
            }
        }
    }
}
