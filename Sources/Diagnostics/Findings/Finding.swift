import Measurements
public import Recipes

/// A problem of a run: a failure pattern, since when it holds, the numbers that show it, and what to do about it.
public struct Finding: Sendable, Equatable {
    /// The two ways in which GAN training fails.
    public enum Failure: String, Codable, Sendable, CaseIterable {
        /// The generator produces only one or a few kinds of output.
        case modeCollapse = "mode-collapse"
        /// The players find no equilibrium, and the outputs are bad.
        case convergenceFailure = "convergence-failure"
    }

    public var failure: Failure
    public var pattern: Pattern
    /// The strength of the evidence, from 0 to 1. From 0.5 on, the run counts as failed.
    public var severity: Double
    /// The step since which the pattern holds.
    public var sinceStep: Int
    /// One plain sentence.
    public var summary: String
    public var evidence: [Evidence]
    /// Most promising first.
    public var remedies: [Remedy]

    /// Whether the evidence is strong enough to call the run failed.
    public var isFailure: Bool { severity >= 0.5 }

    public init(
        failure: Failure, pattern: Pattern, severity: Double, sinceStep: Int, summary: String, evidence: [Evidence],
        remedies: [Remedy] = []
    ) {
        self.failure = failure
        self.pattern = pattern
        self.severity = severity
        self.sinceStep = sinceStep
        self.summary = summary
        self.evidence = evidence
        self.remedies = remedies
    }
}

/// A failure pattern, as the rules distinguish them.
public enum Pattern: String, Codable, Sendable, CaseIterable {
    case nonFinite = "non-finite"
    case discriminatorWins = "discriminator-wins"
    case generatorWins = "generator-wins"
    case discriminatorFrozen = "discriminator-frozen"
    case lossesVanish = "losses-vanish"
    case bothPlayersWin = "both-players-win"
    case generatorLossRises = "generator-loss-rises"
    case oscillation
    case explodingGradients = "exploding-gradients"
    case explodingLosses = "exploding-losses"
    case vanishingGradients = "vanishing-gradients"
    case completeCollapse = "complete-collapse"
    case partialCollapse = "partial-collapse"
    case lostClasses = "lost-classes"
    case driftingCollapse = "drifting-collapse"
    case memorization
    case badQuality = "bad-quality"
    case scoreWorsens = "score-worsens"
    case neverLearns = "never-learns"
    case frozenLoss = "frozen-loss"
    case explodingLayer = "exploding-layer"
    case poorInitialization = "poor-initialization"
    case deadUnits = "dead-units"
    case stalledLayer = "stalled-layer"
    case saturatedOutputs = "saturated-outputs"

    /// Whether the pattern is detected by losses, gradients and layers alone, which are weak evidence (arXiv
    /// 2405.20987). Non-finite values are strong evidence and are not included.
    public var isOfLosses: Bool {
        switch self {
        case .discriminatorWins, .generatorWins, .discriminatorFrozen, .lossesVanish, .bothPlayersWin,
            .generatorLossRises, .oscillation,
            .explodingGradients, .explodingLosses, .vanishingGradients, .frozenLoss, .explodingLayer,
            .poorInitialization, .deadUnits, .stalledLayer, .saturatedOutputs:
            true
        case .nonFinite, .completeCollapse, .partialCollapse, .lostClasses, .driftingCollapse, .memorization,
            .badQuality, .scoreWorsens, .neverLearns:
            false
        }
    }
}

/// A number that shows a pattern, with the threshold that it crosses.
public struct Evidence: Codable, Sendable, Equatable {
    /// The name of the series.
    public var signal: String
    /// The median over the steps, unless the signal's name says otherwise.
    public var value: Double
    public var threshold: Double
    public var fromStep: Int
    public var toStep: Int

    public init(signal: String, value: Double, threshold: Double, fromStep: Int, toStep: Int) {
        self.signal = signal
        self.value = value
        self.threshold = threshold
        self.fromStep = fromStep
        self.toStep = toStep
    }

    private enum CodingKeys: String, CodingKey {
        case signal, value, threshold
        case fromStep = "from_step"
        case toStep = "to_step"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(signal, forKey: .signal)
        try container.encode(JSONNumber(value), forKey: .value)
        try container.encode(JSONNumber(threshold), forKey: .threshold)
        try container.encode(fromStep, forKey: .fromStep)
        try container.encode(toStep, forKey: .toStep)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        signal = try container.decode(String.self, forKey: .signal)
        value = try container.decode(JSONNumber.self, forKey: .value).value
        threshold = try container.decode(JSONNumber.self, forKey: .threshold).value
        fromStep = try container.decode(Int.self, forKey: .fromStep)
        toStep = try container.decode(Int.self, forKey: .toStep)
    }
}

/// A change to the configuration that helps against a failure.
public struct Remedy: Codable, Sendable, Equatable {
    public var title: String
    /// The new values by path.
    public var change: [String: ConfigurationValue]
    /// Why the change helps, in one sentence.
    public var why: String
    /// The source of this advice.
    public var source: String

    public init(title: String, change: [String: ConfigurationValue], why: String, source: String) {
        self.title = title
        self.change = change
        self.why = why
        self.source = source
    }
}

extension Finding: Codable {
    private enum CodingKeys: String, CodingKey {
        case failure, pattern, severity, summary, evidence, remedies
        case sinceStep = "since_step"
    }
}
