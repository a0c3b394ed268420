public import Networks
public import Torch

// How examples are prepared for the discriminator.
extension Game {
    /// Generates float32 examples from latent vectors `[count, latent]`, which are followed by one-hot classes if the
    /// generator is conditional.
    ///
    /// - Parameter network: replaces the generator's own network, for example with its EMA.
    public func generate(_ latent: Tensor, by network: (any Module)? = nil) throws -> Tensor {
        let network = network ?? generator.network
        return try withAutocast(to: rules.autocast, on: device) { try network(latent) }.to(.float32)
    }

    /// The discriminator's logits `[count, 1]` for examples outside of training, without noise or augmentation.
    ///
    /// - Parameter classes: the class of each example as a one-hot row, `[count, classes]`, for conditional networks.
    public func answers(to examples: Tensor, classes: Tensor? = nil) throws -> Tensor {
        try judge(packed(examples), classes)
    }

    /// The discriminator's logits `[count, 1]` for a part of a batch.
    func judge(_ examples: Tensor, _ classes: Tensor?) throws -> Tensor {
        let input = try classes.map { (classes) throws -> Tensor in try conditioned(examples, classes) } ?? examples
        return try withAutocast(to: rules.autocast, on: device) { try discriminator(input) }.to(.float32)
    }

    /// Appends the classes to the examples as additional channels or coordinates (Mirza and Osindero 2014, arXiv
    /// 1411.1784).
    private func conditioned(_ examples: Tensor, _ classes: Tensor) throws -> Tensor {
        guard examples.rank == 4 else { return try Tensor.concatenate([examples, classes], dimension: 1) }
        let planes = try classes.reshaped(classes.shape + [1, 1]).expanded(classes.shape + examples.shape.suffix(2))
        return try Tensor.concatenate([examples, planes], dimension: 1).channelsLast()
    }

    /// Packs examples into sets as the discriminator sees them: from `[count, channels, …]` to
    /// `[count / m, m · channels, …]`. Drops examples that do not fill a set; if there are too few for one set, repeats
    /// some.
    func packed(_ examples: Tensor) throws -> Tensor {
        let (size, count) = (rules.packing, examples.shape[0])
        guard size > 1 else { return examples }
        let used = max(size, count - count % size)
        let chosen =
            used <= count
            ? try examples.slice(0..<used)
            : try examples.gathering(Tensor((0..<used).map { Int64($0 % count) }).to(examples.device))
        let shape = [used / size, size * examples.shape[1]] + examples.shape.dropFirst(2)
        let sets = try chosen.contiguous().reshaped(Array(shape))
        return shape.count == 4 ? try sets.channelsLast() : sets
    }

    /// The real examples of a part of the batch, as the discriminator sees them.
    func discriminatorInput(_ batch: Batch, _ draws: UpdateDraws, _ range: Range<Int>) throws -> Tensor {
        try changed(batch.real.slice(range), draws.onReal, range)
    }

    /// The generated examples of a part of the batch, as the discriminator sees them.
    func fakes(_ draws: UpdateDraws, _ range: Range<Int>) throws -> Tensor {
        let examples = range.lowerBound * rules.packing..<range.upperBound * rules.packing
        var fakes = try packed(generate(draws.latent.slice(examples)))
        if let buffer = rules.replay, let plan = draws.replay {
            fakes = try buffer.exchange(fakes, plan.slice(range))
        }
        return try changed(fakes, draws.onFake, range)
    }

    private func changed(_ examples: Tensor, _ draws: UpdateDraws.View, _ range: Range<Int>) throws -> Tensor {
        var examples = examples
        if let augmentation = rules.augmentation, let drawn = draws.augmentation {
            examples = try augmentation(examples, draws: drawn.slice(range))
        }
        if let noise = draws.noise { examples = try examples + noise.slice(range) }
        return examples
    }
}
