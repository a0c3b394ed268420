extension Objective {
    /// What choosing this objective sets besides: the settings that its authors use.
    /// Keys that are given beside it win. Minimax, non-saturating, least squares and hinge take the article's settings, which are
    /// the program's: one update of each player, Adam with the step size 0.0002, beta1 0.5 and beta2 0.999.
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
    /// The key of the objective, which brings its defaults along.
    static let objective: ConfigurationKey = {
        let plain = ConfigurationKey.choice("objective", \.objective, "what the two players strive for")
        return ConfigurationKey(
            path: plain.path, summary: plain.summary, kind: plain.kind, allowed: plain.allowed, read: plain.read
        ) { configuration, value in
            let former = configuration.objective
            try plain.write(&configuration, value)
            guard former != configuration.objective else { return }
            try configuration.takeBack(former)
            for (path, value) in configuration.objective.defaults { try configuration.set(path, to: value) }
        }
    }()

    /// In which order keys of one file are written: an objective brings defaults, shared keys set both players, and what is
    /// more particular comes later and wins.
    var rank: Int { path == "objective" ? 0 : TrainingConfiguration.sharedKeys.contains { $0.path == path } ? 1 : 2 }
}

extension Objective {
    /// Keys that mean something to this objective only, beside what it sets.
    private var own: [String] {
        self == .began ? ["training.equilibriumRatio", "training.equilibriumRate"] : []
    }

    /// The sections of keys that go with this objective, whatever their values: its penalties' and its own.
    fileprivate var owned: [String] {
        own
            + defaults.keys.filter { $0.hasPrefix("penalties.") }.flatMap { path in
                path.hasSuffix(".weight") ? [path, path.dropLast("weight".count) + "interval"] : [path]
            }
    }
}

extension TrainingConfiguration {
    /// Gives the program's own values to the keys of an objective that is left: to those of its penalties, and to others that still have
    /// the values which it brought. What somebody set stays.
    fileprivate mutating func takeBack(_ objective: Objective) throws {
        let program = TrainingConfiguration()
        for path in objective.owned { try set(path, to: program.value(of: path)) }
        let paths = objective.defaults.flatMap { path, value in
            // A shared key is that of both players.
            let players = ["generator", "discriminator"].map {
                path.replacingPrefix("optimizer.", with: "optimizer.\($0).")
            }
            return Set(players).map { ($0, value) }
        }
        for (path, value) in paths where try self.value(of: path).description == value.description {
            try set(path, to: program.value(of: path))
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
