import Networks
import Torch

// One update of each player.
extension Game {
    func updateDiscriminator(_ batch: Batch, _ draws: UpdateDraws, _ statistics: inout StepStatistics) throws {
        // With several updates per step, their mean is recorded.
        let share = 1 / Double(rules.discriminatorSteps)
        var gradient = GradientSum(of: discriminator.parameters)
        var means = LogitMeans()
        // R1 and R2 differentiate the logits that the loss needs anyway.
        let differentiated = Set(draws.penalties.compactMap(\.penalty.penalty.differentiatedExamples))
        for part in parts(of: batch.real.shape[0]) {
            let classes = try batch.classes?.slice(part.range)
            var real = try discriminatorInput(batch, draws, part.range)
            var fake = try withoutGradients { try fakes(draws, part.range) }
            if differentiated.contains(.real) { real = try real.detached().requiringGradient() }
            if differentiated.contains(.fake) { fake = try fake.detached().requiringGradient() }
            try timer?.mark(.discriminatorFakes)

            let realLogits = try judge(real, classes)
            let fakeLogits = try judge(fake, classes)
            let losses = try discriminatorLoss(realLogits, fakeLogits, draws.labels?.slice(part.range))
            try timer?.mark(.discriminatorForward)

            let weight = part.weight * share
            var total = try losses.real + losses.fake
            for (penalty, drawn) in draws.penalties {
                let value = try penalty.penalty(
                    PenaltyPart(
                        real: real, fake: fake, realLogits: realLogits, fakeLogits: fakeLogits,
                        drawn: drawn?.slice(part.range)), judge: { try self.judge($0, classes) })
                total = try total + value * (penalty.weight * Double(penalty.interval))
                try statistics.add("penalty_\(penalty.name)", value, weight: weight)
            }
            try gradient.add(gradients(of: total, for: discriminator.parameters), weight: part.weight)
            try timer?.mark(.discriminatorBackward)

            try statistics.add("loss_discriminator_real", losses.real, weight: weight)
            try statistics.add("loss_discriminator_fake", losses.fake, weight: weight)
            if needsMeans { try means.add(real: realLogits, fake: fakeLogits, weight: part.weight) }
            guard loss.hasProbabilities else { continue }
            try withoutGradients {
                try statistics.add("probability_real", realLogits.sigmoid().mean(), weight: weight)
                try statistics.add("probability_fake", fakeLogits.sigmoid().mean(), weight: weight)
            }
        }
        let norm = try gradient.norm()
        try statistics.add("gradient_norm_discriminator", norm, weight: share)
        try discriminator.update(gradient.shortened(to: rules.discriminatorClip, norm: norm))
        try clipWeights()
        try follow(means, batch: batch.real.shape[0])
        try timer?.mark(.discriminatorOptimizer)
    }

    func updateGenerator(_ batch: Batch, _ draws: UpdateDraws, _ statistics: inout StepStatistics) throws {
        let share = 1 / Double(rules.generatorSteps)
        var gradient = GradientSum(of: generator.parameters)
        for part in parts(of: batch.real.shape[0]) {
            let loss = try generatorLoss(batch, draws, part.range)
            try timer?.mark(.generatorForward)

            try gradient.add(gradients(of: loss, for: generator.parameters), weight: part.weight)
            try statistics.add("loss_generator", loss, weight: part.weight * share)
            try timer?.mark(.generatorBackward)
        }
        let norm = try gradient.norm()
        try statistics.add("gradient_norm_generator", norm, weight: share)
        try generator.update(gradient.shortened(to: rules.generatorClip, norm: norm))
        try timer?.mark(.generatorOptimizer)
    }

    private func generatorLoss(_ batch: Batch, _ draws: UpdateDraws, _ range: Range<Int>) throws -> Tensor {
        let classes = try batch.classes?.slice(range)
        let fake = try fakes(draws, range)
        let needsReal = loss.generatorNeedsReal || rules.featureMatching != nil || rules.unrolledSteps > 0
        let real = needsReal ? try discriminatorInput(batch, draws, range) : nil
        return try afterUnrolledSteps(real: real, fake: fake, classes) {
            guard let matching = rules.featureMatching, let real else {
                let compared = loss.generatorNeedsReal ? real : nil
                let realLogits = try compared.map { (real) throws -> Tensor in try fixed { try judge(real, classes) } }
                return try loss.generator(fake: judge(fake, classes), real: realLogits)
            }
            let ofReal = try fixed { try features(of: real, classes, at: matching.layer) }
            let ofFake = try features(of: fake, classes, at: matching.layer)
            let distance = try (ofReal.features.mean([0]) - ofFake.features.mean([0])).squared().sum()
            guard matching.share < 1 else { return distance }
            let objective = try loss.generator(fake: ofFake.logits, real: ofReal.logits)
            return try objective * (1 - matching.share) + distance * matching.share
        }
    }

    /// Runs `body` without gradients unless unrolled steps are used: the discriminator's outputs on real examples
    /// depend on the generator only through those.
    private func fixed<Result>(_ body: () throws -> Result) rethrows -> Result {
        rules.unrolledSteps > 0 ? try body() : try withoutGradients(body)
    }

    /// A layer's outputs for some examples, and the discriminator's logits.
    private func features(
        of examples: Tensor, _ classes: Tensor?, at layer: String
    ) throws -> (features: Tensor, logits: Tensor) {
        let (output, logits) = try discriminator.network.withOutput(of: layer) { try judge(examples, classes) }
        guard let output else {
            throw TorchError(.invalidOperation, "The discriminator has no layer “\(layer)”.")
        }
        return (try output.to(.float32), logits)
    }

    /// Computes a loss with the discriminator as it will be after its next updates on the same examples. Gradients flow
    /// back through these updates to the generator.
    private func afterUnrolledSteps(
        real: Tensor?, fake: Tensor, _ classes: Tensor?, _ loss: () throws -> Tensor
    ) throws -> Tensor {
        guard rules.unrolledSteps > 0, let real else { return try loss() }
        let steps = try discriminator.lookahead()
        var parameters = try discriminator.parameters.map { try $0.detached().cloned().requiringGradient() }
        for _ in 0..<rules.unrolledSteps {
            let total = try substituting(parameters, for: discriminator.parameters) {
                let losses = try discriminatorLoss(judge(real, classes), judge(fake, classes), nil)
                return try losses.real + losses.fake
            }
            parameters = try steps.step(parameters, gradients(of: total, for: parameters, createGraph: true))
        }
        return try substituting(parameters, for: discriminator.parameters, loss)
    }

    private func discriminatorLoss(
        _ real: Tensor, _ fake: Tensor, _ draws: Tensor?
    ) throws -> (real: Tensor, fake: Tensor) {
        rules.labels.isNone
            ? try loss.discriminator(real: real, fake: fake)
            : try rules.labels.discriminator(real: real, fake: fake, draws: draws)
    }

    private func clipWeights() throws {
        guard rules.weightClip > 0 else { return }
        try withoutGradients {
            for parameter in discriminator.parameters {
                try parameter.clampInPlace(-rules.weightClip, rules.weightClip)
            }
        }
    }

    /// Whether any penalty or augmentation uses the discriminator's mean logits.
    private var needsMeans: Bool { !rules.penalties.isEmpty || rules.augmentation?.isAdaptive == true }

    private func follow(_ means: LogitMeans, batch: Int) throws {
        guard let answers = means.values else { return }
        for penalty in rules.penalties {
            try penalty.penalty.updateState(realLogit: answers.real, fakeLogit: answers.fake)
        }
        try rules.augmentation?.updateProbability(meanSign: answers.realSign, batch: batch)
    }
}
