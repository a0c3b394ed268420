import Recipes

extension RemedyCatalog {
    private static let divergence: Set<Pattern> = [
        .nonFinite, .discriminatorFrozen, .explodingGradients, .oscillation, .badQuality,
    ]
    private static let collapse: Set<Pattern> = [
        .completeCollapse, .partialCollapse, .lostClasses, .driftingCollapse,
    ]
    private static let article = "neptune.ai/blog/gan-failure-modes"

    /// Penalties on the discriminator's slope need a discriminator without batch norm.
    private static func hasBatchNorm(_ configuration: TrainingConfiguration) -> Bool {
        configuration.network.architecture == .dcgan
    }

    /// New values for the optimizer of each player that needs them; `nil` if neither does.
    private static func change(
        _ values: [String: ConfigurationValue], _ configuration: TrainingConfiguration,
        where needsIt: (TrainingConfiguration.PlayerOptimizer) -> Bool
    ) -> [String: ConfigurationValue]? {
        let optimizer = configuration.optimizer
        var change: [String: ConfigurationValue] = [:]
        for (name, options) in [("generator", optimizer.generator), ("discriminator", optimizer.discriminator)]
        where needsIt(options) {
            for (key, value) in values { change["optimizer.\(name).\(key)"] = value }
        }
        return change.isEmpty ? nil : change
    }

    static let entries: [Entry] = [
        Entry(
            patterns: [.discriminatorFrozen], title: "Compute the cross-entropy from logits, not from probabilities",
            why:
                "A probability that rounds to 0 or 1 has no gradient, so the discriminator stays where a step that was too large "
                + "threw it. (BCEWithLogitsLoss in PyTorch, from_logits=True in Keras.)",
            source: "measured: Documentation/diagnosis.md, A discriminator that is stuck", isUnusual: true
        ) { _ in nil /* Always so here. */ },
        Entry(
            patterns: [.generatorWins, .discriminatorFrozen],
            title: "Check that the discriminator's own optimizer moves its weights",
            why:
                "A discriminator that does worse than guessing, or answers the same to everything, often is not trained: its optimizer was given the "
                + "generator's parameters, or its step is left out.",
            source: "measured: Documentation/logs.md, What losses can tell", isUnusual: true
        ) { _ in nil /* Always so here. */ },
        Entry(
            patterns: [.bothPlayersWin],
            title:
                "Check the labels: the generator's loss must label generated samples real, the discriminator's must label them generated",
            why: "A generator that is trained toward the discriminator's own answer learns to be told apart.",
            source: "measured: Documentation/diagnosis.md, Both players win", isUnusual: true
        ) { _ in nil /* Always so here. */ },
        Entry(
            patterns: [.bothPlayersWin],
            title: "If the discriminator has batch norm, give it real and generated examples in separate batches",
            why:
                "It tells them apart by the statistics of a mixed batch, and the generator's step has other statistics.",
            source: "Chintala et al. 2016 (ganhacks, tip 4); measured: Documentation/diagnosis.md, Both players win",
            isUnusual: true
        ) { _ in nil /* Always so here. */ },
        Entry(
            patterns: [.memorization], title: "Train on all of the data",
            why: "A generator that sees few examples many times learns them by heart.",
            source: "Karras et al. 2020 (arXiv 2006.06676)", isUnusual: true,
            condition: Condition(
                ["data.limit"],
                "If the training saw only a part of the data, train on all of it")
        ) { configuration in
            let (data, training) = (configuration.data, configuration.training)
            guard data.limit > 0 else { return nil }
            guard training.maxSteps == 0 else { return ["data.limit": 0] }
            // As many steps as before: the same number of passes through more data could take for ever.
            let steps = max(1, data.limit / training.batchSize).multipliedReportingOverflow(by: training.epochs)
            return ["data.limit": 0, "training.maxSteps": .integer(steps.overflow ? .max : steps.partialValue)]
        },
        Entry(
            patterns: [.lostClasses, .partialCollapse], title: "Train on all classes of the data",
            why: "A generator does not make what it has never seen.", source: "by construction", isUnusual: true,
            condition: Condition(
                ["data.classPortions"],
                "If the training saw less of some classes, or none, give it all of them")
        ) { $0.data.classPortions.portions.isEmpty ? nil : ["data.classPortions": ""] },
        Entry(
            patterns: collapse.union([.oscillation, .badQuality]), title: "Give the generator a larger latent space",
            why: "With few dimensions to start from, the generator cannot reach every kind of output.", source: article,
            isUnusual: true,
            condition: Condition(
                ["network.latent"],
                "If the latent space has fewer than 32 dimensions, give it 100")
        ) { configuration in
            let isPoints = configuration.makesPoints
            return configuration.network.latent < (isPoints ? 2 : 32)
                ? ["network.latent": .integer(isPoints ? 2 : 100)] : nil
        },
        Entry(
            patterns: [.lossesVanish, .vanishingGradients, .discriminatorWins],
            title: "Train the generator with the non-saturating loss",
            why: "Its gradient is strong where the discriminator is sure; minimax's vanishes there.",
            source: "Goodfellow et al. 2014 (arXiv 1406.2661), section 3", isUnusual: true,
            condition: Condition(
                ["objective"],
                "If the generator minimizes log(1 − D), train it with the non-saturating loss")
        ) { $0.objective == .minimax ? ["objective": "non-saturating"] : nil },
        Entry(
            patterns: collapse.union([.badQuality, .generatorWins]), title: "Strengthen the discriminator",
            why: "A discriminator with too few feature maps cannot tell what is wrong with the samples.",
            source: "Karras et al. 2018 (arXiv 1710.10196), table 1; \(article)", isUnusual: true,
            effect: .strengthensDiscriminator,
            condition: Condition(
                ["network.generatorWidth", "network.discriminatorWidth"],
                "If the discriminator is much narrower than the generator, make it as wide")
        ) { configuration in
            let network = configuration.network
            return 2 * network.discriminatorWidth < network.generatorWidth
                ? ["network.discriminatorWidth": .integer(network.generatorWidth)] : nil
        },
        Entry(
            patterns: imbalance.union(divergence).union(collapse).union([.generatorWins]),
            title: "Lower Adam's beta1 to 0.5",
            why: "Less momentum lets each player follow the other's moves in place of its own past.",
            source: "\(article); Radford et al. 2015 (arXiv 1511.06434)", isUnusual: true,
            condition: Condition(
                ["optimizer.generator.beta1", "optimizer.discriminator.beta1"],
                "If Adam's beta1 is higher than 0.5, lower it to 0.5")
        ) { configuration in
            change(["beta1": 0.5], configuration) { [.adam, .adamw].contains($0.kind) && $0.beta1 > 0.5 }
        },
        Entry(
            patterns: imbalance.union(divergence).union(collapse), title: "Train with Adam",
            why: "Plain gradient descent takes the same step whatever the gradient's size; Adam's steps fit it.",
            source: "Radford et al. 2015 (arXiv 1511.06434)", isUnusual: true,
            condition: Condition(
                ["optimizer.generator.kind", "optimizer.discriminator.kind"],
                "If the optimizer is plain gradient descent, train with Adam")
        ) { configuration in
            change(["kind": "adam", "learningRate": 0.0002, "beta1": 0.5, "momentum": 0], configuration) {
                $0.kind == .sgd
            }
        },
        Entry(
            patterns: imbalance.union(divergence).union(collapse).union([
                .explodingLosses, .generatorWins, .explodingLayer, .deadUnits, .saturatedOutputs,
            ]),
            title: "Lower the learning rates",
            why: "Steps that are too large throw the players past their balance; 0.0002 suits Adam in most GANs.",
            source: "\(article); Radford et al. 2015 (arXiv 1511.06434)", isUnusual: true,
            condition: Condition(
                ["optimizer.generator.learningRate", "optimizer.discriminator.learningRate"],
                "If it is higher than 0.0002, lower the learning rate to 0.0002")
        ) { configuration in
            change(["learningRate": 0.0002], configuration) { $0.learningRate > 0.0005 }
        },
        Entry(
            patterns: imbalance, title: "Slow the discriminator down",
            why: "With two learning rates the generator can keep up with a discriminator that learns too fast.",
            source: "Heusel et al. 2017 (arXiv 1706.08500)", effect: .calmsDiscriminator,
            condition: Condition(
                ["optimizer.generator.learningRate", "optimizer.discriminator.learningRate"],
                "If the discriminator's learning rate is not lower than the generator's, lower it to a quarter")
        ) { configuration in
            let rate = configuration.optimizer.discriminator.learningRate
            // Higher rates are lowered before.
            return rate >= configuration.optimizer.generator.learningRate && rate > 2e-5 && rate <= 0.0005
                ? ["optimizer.discriminator.learningRate": .number(rate / 4)] : nil
        },
        Entry(
            patterns: imbalance, title: "Take fewer discriminator steps",
            why: "Each generator step then meets a discriminator that is less far ahead.", source: article,
            effect: .calmsDiscriminator,
            condition: Condition(
                ["training.discriminatorSteps"],
                "If the discriminator takes more than one step per generator step, take one")
        ) { $0.training.discriminatorSteps > 1 ? ["training.discriminatorSteps": 1] : nil },
        Entry(
            patterns: collapse.union([.generatorWins]), title: "Take more discriminator steps",
            why:
                "A discriminator nearer to its optimum notices what is wrong with the samples, and which modes are missing.",
            source: "\(article); Metz et al. 2016 (arXiv 1611.02163)", effect: .strengthensDiscriminator,
            condition: Condition(
                ["training.discriminatorSteps"],
                "If the discriminator takes fewer than three steps per generator step, take one more")
        ) { configuration in
            let steps = configuration.training.discriminatorSteps
            return steps < 3 ? ["training.discriminatorSteps": .integer(steps + 1)] : nil
        },
        Entry(
            patterns: collapse.union([.oscillation]), title: "Use larger batches",
            why: "A larger batch shows the discriminator more modes at once, and its gradient is calmer.",
            source: "\(article); Brock et al. 2018 (arXiv 1809.11096)",
            condition: Condition(
                ["training.batchSize"],
                "If the batch size is under 256, multiply it by 4")
        ) { configuration in
            let size = configuration.training.batchSize
            return size < 256 ? ["training.batchSize": .integer(min(256, 4 * size))] : nil
        },
        Entry(
            patterns: imbalance.union(collapse), title: "Use the least-squares objective",
            why: "It keeps pulling on samples that are told apart, in proportion to how far off they are.",
            source: "Mao et al. 2016 (arXiv 1611.04076)",
            condition: Condition(
                ["objective"],
                "If the objective is a cross-entropy, use the least-squares objective")
        ) { [.minimax, .nonSaturating].contains($0.objective) ? ["objective": "least-squares"] : nil },
        Entry(
            patterns: imbalance.union(divergence).union(collapse).union([.explodingLosses]).subtracting([.nonFinite]),
            title: "Keep the discriminator flat at the data (R1)",
            why:
                "A discriminator without slope at real examples lets the game come to rest in place of going in circles.",
            source: "Mescheder et al. 2018 (arXiv 1801.04406)", effect: .calmsDiscriminator
        ) { configuration in
            let penalties = configuration.penalties
            let isFree = [penalties.gradient, penalties.dragan, penalties.r1].allSatisfy { $0.weight == 0 }
            return isFree && penalties.weightClip == 0 && !hasBatchNorm(configuration)
                ? ["penalties.r1.weight": 10] : nil
        },
        Entry(
            patterns: collapse, title: "Compare real and generated examples in pairs (relativistic, with R1 and R2)",
            why: "Each sample is judged against a real example, so that no mode of the data can be left out unnoticed.",
            source: "R3GAN (arXiv 2501.05441)"
        ) { $0.objective != .relativistic && !hasBatchNorm($0) ? ["objective": "relativistic"] : nil },
        Entry(
            patterns: collapse, title: "Show the discriminator pairs (packing)",
            why: "A pair of samples that are alike is easily told from a pair of real examples.",
            source: "PacGAN (arXiv 1712.04086)"
        ) { $0.training.packing == 1 ? ["training.packing": 2] : nil },
        Entry(
            patterns: imbalance.union(divergence).union([.explodingLosses, .explodingLayer]),
            title: "Bound the discriminator's slope (spectral norm)",
            why: "A discriminator that stretches nothing by more than 1 cannot run away from the generator.",
            source: "Miyato et al. 2018 (arXiv 1802.05957)", effect: .calmsDiscriminator
        ) { $0.network.spectralNorm ? nil : ["network.spectralNorm": true] },
        Entry(
            patterns: imbalance, title: "Blur what the discriminator sees at first (instance noise)",
            why: "With noise on both, real and generated examples overlap, and the discriminator cannot be sure early.",
            source: "Sønderby et al. 2016 (arXiv 1610.04490)", effect: .calmsDiscriminator
        ) { configuration in
            configuration.training.instanceNoise == 0
                ? ["training.instanceNoise": 0.2, "training.instanceNoiseSteps": 2000] : nil
        },
        Entry(
            patterns: [.discriminatorWins, .lossesVanish], title: "Smooth the labels of real examples",
            why: "A discriminator that aims at 0.9 never becomes quite sure.",
            source: "Salimans et al. 2016 (arXiv 1606.03498)", effect: .calmsDiscriminator
        ) { $0.training.labelSmoothing == 0 ? ["training.labelSmoothing": 0.1] : nil },
        Entry(
            patterns: [.memorization], title: "Augment what the discriminator sees",
            why: "Changed alike, real and generated images cannot be told apart by heart.",
            source: "Karras et al. 2020 (arXiv 2006.06676); Zhao et al. 2020 (arXiv 2006.10738)"
        ) { configuration in
            guard configuration.training.augmentation.changes.isEmpty else { return nil }
            // A share that follows the discriminator needs answers whose sign means something.
            let hasSign = [.minimax, .nonSaturating, .dragan, .hinge].contains(configuration.objective)
            return [
                "training.augmentation": "color,translation,cutout", "training.augmentationTarget": hasSign ? 0.6 : 0,
            ]
        },
        Entry(
            patterns: [.oscillation, .driftingCollapse], title: "Make the samples from an average of the generator",
            why: "A moving average stays in the middle of what the generator swings around.",
            source: "Yazıcı et al. 2018 (arXiv 1806.04498)"
        ) { $0.training.generatorAverage == 0 ? ["training.generatorAverage": 0.999] : nil },
        Entry(
            patterns: [.memorization], title: "Train for fewer epochs",
            why: "A generator that sees the same examples many times learns them by heart.",
            source: "Karras et al. 2020 (arXiv 2006.06676)"
        ) { configuration in
            guard configuration.data.limit == 0, configuration.training.epochs > 1 else { return nil }
            return ["training.epochs": .integer(configuration.training.epochs / 2)]
        },
        Entry(
            patterns: [.badQuality, .stalledLayer], title: "Raise the learning rates",
            why: "At rates this low the weights hardly move; 0.0002 suits Adam in most GANs.",
            source: "Radford et al. 2015 (arXiv 1511.06434)", isUnusual: true,
            condition: Condition(
                ["optimizer.generator.learningRate", "optimizer.discriminator.learningRate"],
                "If it is lower than 0.00001, raise the learning rate to 0.0002")
        ) { configuration in
            change(["learningRate": 0.0002], configuration) { $0.kind != .sgd && $0.learningRate < 1e-5 }
        },
        Entry(
            patterns: [.badQuality], title: "Train for longer",
            why: "Quality comes late; the losses say little about it.", source: article
        ) { ["training.epochs": .integer(max(2, $0.training.epochs.multipliedReportingOverflow(by: 2).partialValue))] },
    ]
}
