public import Networks
public import Torch

/// How examples come to the discriminator.
extension Game {
    /// Examples in float32, from latent vectors `[count, latent]`, with the classes behind them where the generator is told.
    ///
    /// - Parameter network: another than the generator's own, such as its moving average.
    public func generate(_ latent: Tensor, by network: (any Module)? = nil) throws -> Tensor {
        let network = network ?? generator.network
        return try withAutocast(to: rules.autocast, on: device) { try network(latent) }.to(.float32)
    }

    /// The discriminator's answers to examples outside of training, `[count, 1]`, as it sees them without noise or augmentation.
    ///
    /// - Parameter classes: the class of each example as a one-hot row, `[count, classes]`, for conditional networks.
    public func answers(to examples: Tensor, classes: Tensor? = nil) throws -> Tensor {
        try judge(packed(examples), classes)
    }

    /// The discriminator's answers to a part of a batch, `[count, 1]`.
    func judge(_ examples: Tensor, _ classes: Tensor?) throws -> Tensor {
        let input = try classes.map { (classes) throws -> Tensor in try told(examples, classes) } ?? examples
        return try withAutocast(to: rules.autocast, on: device) { try discriminator(input) }.to(.float32)
    }

    /// Examples with their classes behind them, as further channels or coordinates (Mirza and Osindero 2014, arXiv 1411.1784).
    private func told(_ examples: Tensor, _ classes: Tensor) throws -> Tensor {
        guard examples.rank == 4 else { return try Tensor.concatenate([examples, classes], dimension: 1) }
        let planes = try classes.reshaped(classes.shape + [1, 1]).expanded(classes.shape + examples.shape.suffix(2))
        return try Tensor.concatenate([examples, planes], dimension: 1).channelsLast()
    }

    /// Sets of examples as the discriminator sees them: `[count, channels, …]` to `[count / m, m · channels, …]`. Examples left over
    /// are left out; where there are not enough for one set, some come twice.
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

    /// The real examples of a part, as the discriminator sees them.
    func seen(_ batch: Batch, _ draws: UpdateDraws, _ range: Range<Int>) throws -> Tensor {
        try changed(batch.real.slice(range), draws.onReal, range)
    }

    /// Generated examples of a part, as the discriminator sees them.
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
