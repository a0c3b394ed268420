extension Configuration {
    /// This configuration, after every key and the keys' agreement with each other were checked.
    ///
    /// - Throws: ``ConfigurationError`` for the first problem.
    public func validated() throws -> Configuration {
        var copy = self
        for key in Configuration.keys { try key.write(&copy, key.read(self)) }
        try checkMomentum("generator", optimizer.generator)
        try checkMomentum("discriminator", optimizer.discriminator)
        guard training.packing <= training.batchSize else {
            throw ConfigurationError.conflict(
                "The key “training.packing” (\(training.packing)) is larger than “training.batchSize” "
                    + "(\(training.batchSize)); lower it.")
        }
        let hasLabels: Set<Objective> = [.minimax, .nonSaturating, .dragan]
        guard (training.labelSmoothing == 0 && training.labelFlips == 0) || hasLabels.contains(objective) else {
            throw ConfigurationError.conflict(
                "The objective “\(objective.rawValue)” has no labels to smooth or flip; set “training.labelSmoothing” and "
                    + "“training.labelFlips” to 0, or choose minimax, non-saturating or dragan.")
        }
        guard training.microBatch <= training.batchSize else {
            throw ConfigurationError.conflict(
                "The key “training.microBatch” (\(training.microBatch)) is larger than “training.batchSize” "
                    + "(\(training.batchSize)); lower it, or set it to 0 to have it chosen.")
        }
        return copy
    }

    private func checkMomentum(_ player: String, _ optimizer: PlayerOptimizer) throws {
        guard optimizer.momentum == 0 || optimizer.kind.hasMomentum else {
            throw ConfigurationError.conflict(
                "The key “optimizer.\(player).momentum” is \(optimizer.momentum.plainDescription), but "
                    + "\(optimizer.kind.rawValue) has no momentum; set it to 0, or choose sgd or rmsprop.")
        }
    }
}
