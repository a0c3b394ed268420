extension Objective {
    /// What choosing this objective sets besides: the settings that its authors use, and none of another objective's penalties.
    /// Keys that are given beside it win. Minimax, non-saturating, least squares and hinge take the article's settings, which are
    /// the program's: one update of each player, Adam with the step size 0.0002, beta1 0.5 and beta2 0.999.
    ///
    /// Sources: Arjovsky et al. 2017 (arXiv 1701.07875), algorithm 1; Gulrajani et al. 2017 (arXiv 1704.00028), algorithm 1;
    /// Kodali et al. 2017 (arXiv 1705.07215); R3GAN (arXiv 2501.05441) for both penalties and beta1, their weights and beta2 are
    /// ours; Berthelot et al. 2017 (arXiv 1703.10717).
    public var defaults: [String: ConfigurationValue] {
        let noPenalty: [String: ConfigurationValue] = [
            "penalties.gradient.weight": 0, "penalties.dragan.weight": 0, "penalties.r1.weight": 0,
            "penalties.r2.weight": 0, "penalties.lecam.weight": 0, "penalties.weightClip": 0,
        ]
        let own: [String: ConfigurationValue] =
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
        return noPenalty.merging(own) { $1 }
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
            if former != configuration.objective { try configuration.takeBack(former.defaults) }
            for (path, value) in configuration.objective.defaults { try configuration.set(path, to: value) }
        }
    }()

    /// In which order keys of one file are written: an objective brings defaults, shared keys set both players, and what is
    /// more particular comes later and wins.
    var rank: Int { path == "objective" ? 0 : Configuration.sharedKeys.contains { $0.path == path } ? 1 : 2 }
}

extension Configuration {
    /// Gives keys that still have the values of another objective's defaults the program's own again: what an objective brought goes
    /// with it, and what somebody set stays.
    fileprivate mutating func takeBack(_ defaults: [String: ConfigurationValue]) throws {
        let paths = defaults.flatMap { path, value in
            // A shared key is that of both players.
            let players = ["generator", "discriminator"].map {
                path.replacingPrefix("optimizer.", with: "optimizer.\($0).")
            }
            return Set(players).map { ($0, value) }
        }
        for (path, value) in paths where try self.value(of: path).description == value.description {
            try set(path, to: Configuration().value(of: path))
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
