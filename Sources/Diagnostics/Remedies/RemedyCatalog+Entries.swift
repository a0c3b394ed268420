import Recipes

extension RemedyCatalog {
    private static let divergence: Set<Pattern> = [
        .nonFinite, .discriminatorFrozen, .explodingGradients, .oscillation, .badQuality,
    ]
    private static let collapse: Set<Pattern> = [
        .completeCollapse, .partialCollapse, .lostClasses, .driftingCollapse,
    ]
    private static let article = "neptune.ai/blog/gan-failure-modes"

    /// Gradient penalties need a discriminator without batch norm.
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
                "A probability that rounds to 0 or 1 has no gradient, so the discriminator cannot recover from a step "
                + "that was too large. (Use BCEWithLogitsLoss in PyTorch, from_logits=True in Keras.)",
            source: "measured: Documentation/diagnosis.md, A discriminator that is stuck", isUnusual: true
        ) { _ in nil /* Equipoise always does this. */ },
        Entry(
            patterns: [.generatorWins, .discriminatorFrozen],
            title: "Check that the optimizer updates the discriminator's weights",
            why:
                "A discriminator that does worse than chance, or gives every example the same answer, is often not "
                + "trained at all: its optimizer received the generator's parameters, or its step is never called.",
            source: "measured: Documentation/logs.md, What losses can tell", isUnusual: true
        ) { _ in nil /* Equipoise always does this. */ },
        Entry(
            patterns: [.bothPlayersWin],
            title:
                "Check the labels: the generator's loss must label generated samples real, the discriminator's must label them generated",
            why: "A generator that is trained toward the answer that the discriminator already gives learns to be "
                + "recognized as generated.",
            source: "measured: Documentation/diagnosis.md, Both players win", isUnusual: true
        ) { _ in nil /* Equipoise always does this. */ },
        Entry(
            patterns: [.bothPlayersWin],
            title: "If the discriminator has batch norm, give it real and generated examples in separate batches",
            why:
                "In mixed batches, the discriminator can recognize generated examples by the batch statistics, which "
                + "differ in the generator's step.",
            source: "Chintala et al. 2016 (ganhacks, tip 4); measured: Documentation/diagnosis.md, Both players win",
            isUnusual: true
        ) { _ in nil /* Equipoise always does this. */ },
        Entry(
            patterns: [.memorization], title: "Train on all of the data",
            why: "A generator that sees a few examples many times memorizes them.",
            source: "Karras et al. 2020 (arXiv 2006.06676)", isUnusual: true,
            condition: Condition(
                ["data.limit"],
                "If the run used only part of the data, train on all of it")
        ) { configuration in
            let (data, training) = (configuration.data, configuration.training)
            guard data.limit > 0 else { return nil }
            guard training.maxSteps == 0 else { return ["data.limit": 0] }
            // Keep the number of steps: the same number of epochs over more data could take far too long.
            let steps = max(1, data.limit / training.batchSize).multipliedReportingOverflow(by: training.epochs)
            return ["data.limit": 0, "training.maxSteps": .integer(steps.overflow ? .max : steps.partialValue)]
        },
        Entry(
            patterns: [.lostClasses, .partialCollapse], title: "Train on all classes of the data",
            why: "A generator cannot produce what it has never seen.", source: "by construction", isUnusual: true,
            condition: Condition(
                ["data.classPortions"],
                "If some classes were left out or reduced, train on all of their examples")
        ) { $0.data.classPortions.portions.isEmpty ? nil : ["data.classPortions": ""] },
        Entry(
            patterns: collapse.union([.oscillation, .badQuality]), title: "Give the generator a larger latent space",
            why: "With a low-dimensional latent space, the generator cannot reach every kind of output.",
            source: article,
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
            why: "Its gradient stays strong when the discriminator is confident, whereas minimax's vanishes.",
            source: "Goodfellow et al. 2014 (arXiv 1406.2661), section 3", isUnusual: true,
            condition: Condition(
                ["objective"],
                "If the generator minimizes log(1 − D), train it with the non-saturating loss")
        ) { $0.objective == .minimax ? ["objective": "non-saturating"] : nil },
        Entry(
            patterns: collapse.union([.badQuality, .generatorWins]), title: "Strengthen the discriminator",
            why: "A discriminator with too few feature maps cannot detect what is wrong with the samples.",
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
            why: "With less momentum, each player reacts to the other's moves rather than to its own past ones.",
            source: "\(article); Radford et al. 2015 (arXiv 1511.06434)", isUnusual: true,
            condition: Condition(
                ["optimizer.generator.beta1", "optimizer.discriminator.beta1"],
                "If Adam's beta1 is higher than 0.5, lower it to 0.5")
        ) { configuration in
            change(["beta1": 0.5], configuration) { [.adam, .adamw].contains($0.kind) && $0.beta1 > 0.5 }
        },
        Entry(
            patterns: imbalance.union(divergence).union(collapse), title: "Train with Adam",
            why:
                "Plain gradient descent uses one step size for all weights; Adam adapts it to each weight's gradients.",
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
            why:
                "Steps that are too large make the players overshoot their equilibrium; 0.0002 suits Adam in most GANs.",
            source: "\(article); Radford et al. 2015 (arXiv 1511.06434)", isUnusual: true,
            condition: Condition(
                ["optimizer.generator.learningRate", "optimizer.discriminator.learningRate"],
                "If the learning rate is above 0.0005, lower it to 0.0002")
        ) { configuration in
            change(["learningRate": 0.0002], configuration) { $0.learningRate > 0.0005 }
        },
        Entry(
            patterns: imbalance, title: "Slow the discriminator down",
            why:
                "With a separate learning rate for each player, the generator can keep up with a discriminator that learns too fast.",
            source: "Heusel et al. 2017 (arXiv 1706.08500)", effect: .calmsDiscriminator,
            condition: Condition(
                ["optimizer.generator.learningRate", "optimizer.discriminator.learningRate"],
                "If the discriminator's learning rate is not lower than the generator's, lower it to a quarter")
        ) { configuration in
            let rate = configuration.optimizer.discriminator.learningRate
            // “Lower the learning rates” handles higher rates.
            return rate >= configuration.optimizer.generator.learningRate && rate > 2e-5 && rate <= 0.0005
                ? ["optimizer.discriminator.learningRate": .number(rate / 4)] : nil
        },
        Entry(
            patterns: imbalance, title: "Take fewer discriminator steps",
            why: "The discriminator is then less far ahead at each generator step.", source: article,
            effect: .calmsDiscriminator,
            condition: Condition(
                ["training.discriminatorSteps"],
                "If the discriminator takes more than one step per generator step, take one")
        ) { $0.training.discriminatorSteps > 1 ? ["training.discriminatorSteps": 1] : nil },
        Entry(
            patterns: collapse.union([.generatorWins]), title: "Take more discriminator steps",
            why:
                "A discriminator closer to its optimum detects what is wrong with the samples and which modes are missing.",
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
            why: "A larger batch shows the discriminator more modes at once, and its gradient is less noisy.",
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
            why: "It keeps pulling rejected samples toward the data, in proportion to how far off they are.",
            source: "Mao et al. 2016 (arXiv 1611.04076)",
            condition: Condition(
                ["objective"],
                "If the objective is a cross-entropy, use the least-squares objective")
        ) { [.minimax, .nonSaturating].contains($0.objective) ? ["objective": "least-squares"] : nil },
        Entry(
            patterns: imbalance.union(divergence).union(collapse).union([.explodingLosses]).subtracting([.nonFinite]),
            title: "Add an R1 penalty to the discriminator",
            why:
                "A discriminator with zero gradient at real examples lets training converge instead of cycling.",
            source: "Mescheder et al. 2018 (arXiv 1801.04406)", effect: .calmsDiscriminator
        ) { configuration in
            let penalties = configuration.penalties
            let isFree = [penalties.gradient, penalties.dragan, penalties.r1].allSatisfy { $0.weight == 0 }
            return isFree && penalties.weightClip == 0 && !hasBatchNorm(configuration)
                ? ["penalties.r1.weight": 10] : nil
        },
        Entry(
            patterns: collapse, title: "Use the relativistic objective with R1 and R2 penalties",
            why: "Each sample is compared with a real example, so missing modes cannot go unnoticed.",
            source: "R3GAN (arXiv 2501.05441)"
        ) { $0.objective != .relativistic && !hasBatchNorm($0) ? ["objective": "relativistic"] : nil },
        Entry(
            patterns: collapse, title: "Let the discriminator judge pairs of examples (packing)",
            why: "A pair of similar samples is easy to distinguish from a pair of real examples.",
            source: "PacGAN (arXiv 1712.04086)"
        ) { $0.training.packing == 1 ? ["training.packing": 2] : nil },
        Entry(
            patterns: imbalance.union(divergence).union([.explodingLosses, .explodingLayer]),
            title: "Apply spectral normalization to the discriminator",
            why: "A discriminator whose layers amplify nothing by more than 1 cannot run away from the generator.",
            source: "Miyato et al. 2018 (arXiv 1802.05957)", effect: .calmsDiscriminator
        ) { $0.network.spectralNorm ? nil : ["network.spectralNorm": true] },
        Entry(
            patterns: imbalance, title: "Add instance noise to the discriminator's inputs at first",
            why:
                "With noise on both, real and generated examples overlap, and the discriminator cannot become overconfident early.",
            source: "Sønderby et al. 2016 (arXiv 1610.04490)", effect: .calmsDiscriminator
        ) { configuration in
            configuration.training.instanceNoise == 0
                ? ["training.instanceNoise": 0.2, "training.instanceNoiseSteps": 2000] : nil
        },
        Entry(
            patterns: [.discriminatorWins, .lossesVanish], title: "Smooth the labels of real examples",
            why: "A discriminator that aims at 0.9 instead of 1 never becomes overconfident.",
            source: "Salimans et al. 2016 (arXiv 1606.03498)", effect: .calmsDiscriminator
        ) { $0.training.labelSmoothing == 0 ? ["training.labelSmoothing": 0.1] : nil },
        Entry(
            patterns: [.memorization], title: "Augment the discriminator's inputs",
            why: "If real and generated images are augmented alike, the discriminator cannot memorize the real ones.",
            source: "Karras et al. 2020 (arXiv 2006.06676); Zhao et al. 2020 (arXiv 2006.10738)"
        ) { configuration in
            guard configuration.training.augmentation.changes.isEmpty else { return nil }
            // Adaptive augmentation needs discriminator outputs whose sign is meaningful.
            let hasSign = [.minimax, .nonSaturating, .dragan, .hinge].contains(configuration.objective)
            return [
                "training.augmentation": "color,translation,cutout", "training.augmentationTarget": hasSign ? 0.6 : 0,
            ]
        },
        Entry(
            patterns: [.oscillation, .driftingCollapse], title: "Sample from a moving average of the generator (EMA)",
            why: "The average smooths out the oscillations of the generator's weights.",
            source: "Yazıcı et al. 2018 (arXiv 1806.04498)"
        ) { $0.training.exponentialMovingAverage == 0 ? ["training.exponentialMovingAverage": 0.999] : nil },
        Entry(
            patterns: [.memorization], title: "Train for fewer epochs",
            why: "A generator that sees the same examples many times memorizes them.",
            source: "Karras et al. 2020 (arXiv 2006.06676)"
        ) { configuration in
            guard configuration.data.limit == 0, configuration.training.epochs > 1 else { return nil }
            return ["training.epochs": .integer(configuration.training.epochs / 2)]
        },
        Entry(
            patterns: [.badQuality, .stalledLayer], title: "Raise the learning rates",
            why: "At rates this low, the weights hardly change; 0.0002 suits Adam in most GANs.",
            source: "Radford et al. 2015 (arXiv 1511.06434)", isUnusual: true,
            condition: Condition(
                ["optimizer.generator.learningRate", "optimizer.discriminator.learningRate"],
                "If the learning rate is below 0.00001, raise it to 0.0002")
        ) { configuration in
            change(["learningRate": 0.0002], configuration) { $0.kind != .sgd && $0.learningRate < 1e-5 }
        },
        Entry(
            patterns: [.badQuality], title: "Train longer",
            why: "Sample quality often comes late, and the losses say little about it.", source: article
        ) { ["training.epochs": .integer(max(2, $0.training.epochs.multipliedReportingOverflow(by: 2).partialValue))] },
    ]
}
