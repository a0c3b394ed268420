extension Objective {
    /// The settings that choosing this objective also sets: those that its authors use. Explicit settings win.
    ///
    /// Minimax, non-saturating, least squares and hinge use the article's settings, which are the defaults: one update of each player,
    /// Adam with learning rate 0.0002, beta1 0.5 and beta2 0.999.
    ///
    /// Sources: Arjovsky et al. 2017 (arXiv 1701.07875), algorithm 1; Gulrajani et al. 2017 (arXiv 1704.00028), algorithm 1;
    /// Kodali et al. 2017 (arXiv 1705.07215); R3GAN (arXiv 2501.05441) for both penalties and beta1, their weights and beta2 are
    /// ours; Berthelot et al. 2017 (arXiv 1703.10717).
    public var defaults: [String: ConfigurationValue] {
        switch self {
        case .wasserstein:
            [
                "penalties.weightClip": 0.01, "training.discriminatorSteps": 5, "optimizer.kind": "rmsprop",
                "optimizer.learningRate": 0.00005,
            ]
        case .wassersteinGradientPenalty:
            [
                "penalties.gradient.weight": 10, "training.discriminatorSteps": 5, "optimizer.kind": "adam",
                "optimizer.learningRate": 0.0001, "optimizer.beta1": 0, "optimizer.beta2": 0.9,
            ]
        case .dragan: ["penalties.dragan.weight": 10]
        case .relativistic:
            [
                "penalties.r1.weight": 1, "penalties.r2.weight": 1, "optimizer.kind": "adam", "optimizer.beta1": 0,
                "optimizer.beta2": 0.99,
            ]
        case .began: ["optimizer.kind": "adam", "optimizer.learningRate": 0.0001]
        case .minimax, .nonSaturating, .leastSquares, .hinge: [:]
        }
    }
}

extension ConfigurationKey {
    /// The key of the objective, which also sets the objective's defaults.
    static let objective: ConfigurationKey = {
        let plain = ConfigurationKey.choice(
            "objective", \.objective, "training objective; also sets its default penalties and optimizers")
        return ConfigurationKey(
            path: plain.path, summary: plain.summary, kind: plain.kind, allowed: plain.allowed, read: plain.read
        ) { configuration, value in
            let former = configuration.objective
            try plain.write(&configuration, value)
            guard former != configuration.objective else { return }
            try configuration.removeDefaults(of: former)
            for (path, value) in configuration.objective.defaults { try configuration.set(path, to: value) }
        }
    }()

    /// The order in which the keys of one file are applied: the objective with its defaults, keys of both players, all others. More
    /// specific keys come later and win.
    var rank: Int { path == "objective" ? 0 : TrainingConfiguration.sharedKeys.contains { $0.path == path } ? 1 : 2 }
}

extension Objective {
    /// The keys that only this objective uses, besides those that it sets.
    private var own: [String] {
        self == .began ? ["training.equilibriumRatio", "training.equilibriumRate"] : []
    }

    /// The keys that belong to this objective whatever their values: those of its penalties, and its own.
    fileprivate var owned: [String] {
        own
            + defaults.keys.filter { $0.hasPrefix("penalties.") }.flatMap { path in
                path.hasSuffix(".weight") ? [path, path.dropLast("weight".count) + "interval"] : [path]
            }
    }
}

extension TrainingConfiguration {
    /// Resets what the previous objective set: the keys of its penalties, and other keys that still have its defaults. Values that the
    /// user set stay.
    fileprivate mutating func removeDefaults(of objective: Objective) throws {
        let defaults = TrainingConfiguration()
        for path in objective.owned { try set(path, to: defaults.value(of: path)) }
        let paths = objective.defaults.flatMap { path, value in
            // A shared key stands for the keys of both players.
            let players = ["generator", "discriminator"].map {
                path.replacingPrefix("optimizer.", with: "optimizer.\($0).")
            }
            return Set(players).map { ($0, value) }
        }
        for (path, value) in paths where try self.value(of: path).description == value.description {
            try set(path, to: defaults.value(of: path))
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
