import Adversarial
import Datasets
import Networks
import Torch

extension Trainer {
    /// Returns everything that the rest of the training depends on.
    func contents() throws -> CheckpointStore.Contents {
        var state = Safetensors(metadata: [
            "format": "equipoise-checkpoint-1",
            "step": String(position.step), "epoch": String(position.epoch), "images_seen": String(position.imagesSeen),
            "sampler_epoch": String(sampler.state.epoch), "sampler_position": String(sampler.state.position),
            "epoch_mean_count": String(epochMeans.count),
        ])
        for (prefix, player) in players {
            for entry in player.optimizer.state { state.tensors[prefix + entry.name] = entry.tensor }
        }
        for entry in game.state { state.tensors["game." + entry.name] = entry.tensor }
        if let average { state.tensors.merge(average.state) { $1 } }
        state.tensors["order"] = sampler.state.order
        state.tensors["fixed_noise"] = fixedNoise
        state.tensors["epoch_mean_sums"] = try Tensor(epochMeans.sums)
        state.tensors["random_state.cpu"] = try randomState()
        if !device.isCPU { state.tensors["random_state.device"] = try randomState(of: device) }
        return CheckpointStore.Contents(
            generator: game.generator.network.safetensors(), discriminator: game.discriminator.network.safetensors(),
            state: state)
    }

    /// Continues from the state of a checkpoint.
    public func restore(_ contents: CheckpointStore.Contents) throws {
        let state = contents.state
        try game.generator.network.load(contents.generator)
        try game.discriminator.network.load(contents.discriminator)
        for (prefix, player) in players { try player.optimizer.load(state, prefix: prefix) }
        for entry in game.state {
            try entry.tensor.copyInPlace(from: state.tensor("game." + entry.name, like: entry.tensor))
        }
        if let average {
            guard let saved = ExponentialMovingAverage.saved(in: state) else {
                throw TorchError(
                    .malformedFile,
                    "The checkpoint's state does not contain the moving average of the generator; set "
                        + "training.exponentialMovingAverage as it was.")
            }
            try average.network.load(saved)
        }
        try restoreSampler(state)
        try restorePlace(state)
        newestCheckpointStep = position.step
    }

    /// Continues from a checkpoint of a run whose configuration differed by a remedy. Whatever fits is restored; the
    /// rest, such as the state of a different optimizer, starts fresh.
    ///
    /// If the batch size differs, the step count is recomputed so that the number of examples seen stays the same.
    ///
    /// - Returns: whether the networks fit and there are steps left to train. If not, this trainer is unusable, and
    ///   training has to start over.
    public func adopt(_ contents: CheckpointStore.Contents) throws -> Bool {
        let state = contents.state
        do {
            try game.generator.network.load(contents.generator)
            try game.discriminator.network.load(contents.discriminator)
        } catch let error as TorchError where error.kind == .malformedFile {
            return false
        }
        for (prefix, player) in players { try? player.optimizer.load(state, prefix: prefix) }
        for entry in game.state {
            guard let saved = try? state.tensor("game." + entry.name, like: entry.tensor) else { continue }
            try entry.tensor.copyInPlace(from: saved)
        }
        try average?.network.load(ExponentialMovingAverage.saved(in: state) ?? contents.generator)
        try restorePlace(state)
        do {
            try restoreSampler(state)
        } catch let error as TorchError where error.kind == .malformedFile {
            // The order belonged to other data, so start a new epoch.
            try sampler.beginEpoch(after: state.number("sampler_epoch"))
        }
        let epoch = sampler.state
        position.step =
            max(0, epoch.epoch - 1) * sampler.batchesPerEpoch
            + (epoch.position + sampler.batchSize - 1) / sampler.batchSize
        return position.step < plan.totalSteps
    }

    private func restoreSampler(_ state: Safetensors) throws {
        try sampler.restore(
            EpochSampler.State(
                epoch: state.number("sampler_epoch"), position: state.number("sampler_position"),
                order: state.tensor("order", like: sampler.state.order)))
    }

    private func restorePlace(_ state: Safetensors) throws {
        fixedNoise = try state.tensor("fixed_noise", like: fixedNoise).to(device)
        epochMeans.sums = try state.tensor("epoch_mean_sums", shape: [EpochMeans.series.count]).values()
        epochMeans.count = try state.number("epoch_mean_count")
        position = try TrainingPosition(
            step: state.number("step"), epoch: state.number("epoch"), imagesSeen: state.number("images_seen"))
        try restoreRandomState(state.tensor("random_state.cpu"))
        if !device.isCPU { try restoreRandomState(state.tensor("random_state.device"), of: device) }
    }

    private var players: [(prefix: String, player: Player)] {
        [("generator_optimizer.", game.generator), ("discriminator_optimizer.", game.discriminator)]
    }
}

extension Safetensors {
    fileprivate func number(_ key: String) throws -> Int {
        // Limit numbers to those that a Double represents exactly, which leaves room for counting on.
        guard let number = metadata[key].flatMap({ Int($0) }), (0...1 << 53).contains(number) else {
            throw TorchError(.malformedFile, "The checkpoint's state has no valid \(key); use another checkpoint.")
        }
        return number
    }
}
