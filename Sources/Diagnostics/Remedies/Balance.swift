import Measurements
import Recipes

/// Which player is ahead, judged by the losses. A remedy must not help the player that is ahead.
struct Balance: Equatable {
    /// The discriminator classifies nearly all examples correctly.
    let isDiscriminatorAhead: Bool
    /// The discriminator does worse than chance, or is stuck at chance level.
    let isDiscriminatorBehind: Bool

    init(_ history: History, _ findings: [Finding]) {
        let isWon = findings.contains { [.discriminatorWins, .lossesVanish, .bothPlayersWin].contains($0.pattern) }
        isDiscriminatorAhead =
            isWon || Balance.isBeaten(history) || Balance.holds(history) { $0 < Thresholds.wonLossDiscriminator }
        let isStuck =
            findings.contains { $0.pattern == .discriminatorFrozen }
            && Balance.holds(history) { total in
                history.objective.chanceLosses.map { abs(total / $0.discriminator - 1) < Thresholds.chanceLevel }
                    ?? false
            }
        isDiscriminatorBehind =
            !isDiscriminatorAhead
            && (isStuck
                || history.objective.hasProbabilities
                    && Balance.holds(history) { $0 >= Thresholds.chanceLossDiscriminator })
    }

    /// Whether a condition holds for the sum of the discriminator's losses in the newest windows.
    private static func holds(_ history: History, _ isMeant: (Double) -> Bool) -> Bool {
        guard history.objective.lossesHaveScale else { return false }
        let players = [SeriesName.lossDiscriminatorReal, .lossDiscriminatorFake]
        return history.stretch(of: players, lasting: Thresholds.newestWindows) {
            min($0[0].mean, $0[1].mean) >= 0 && isMeant($0[0].mean + $0[1].mean)
        } != nil
    }

    /// Whether, in the newest windows, the discriminator confidently rejects the samples and is seldom wrong.
    private static func isBeaten(_ history: History) -> Bool {
        guard let chance = history.objective.chanceLosses, chance.generator > 0 else { return false }
        let beaten = DiscriminatorWins.beatenLoss(history.objective)
        let players = SeriesName.losses
        return history.stretch(of: players, lasting: Thresholds.newestWindows) {
            min($0[1].mean, $0[2].mean) >= 0 && $0[0].mean > beaten
                && $0[1].mean + $0[2].mean < chance.discriminator / 2
        } != nil
    }

    /// Whether a remedy with this effect does not make matters worse.
    func allows(_ effect: RemedyCatalog.Effect) -> Bool {
        switch effect {
        case .neutral: true
        case .strengthensDiscriminator: !isDiscriminatorAhead
        case .calmsDiscriminator: !isDiscriminatorBehind
        }
    }

    /// Whether the evidence calls for this effect.
    func calls(for effect: RemedyCatalog.Effect) -> Bool {
        switch effect {
        case .neutral: false
        case .calmsDiscriminator: isDiscriminatorAhead
        case .strengthensDiscriminator: isDiscriminatorBehind
        }
    }

    /// Whether an entry helps against a finding: because of the finding's pattern, or because the samples are bad as a
    /// result of a discriminator that is too far ahead for the generator to learn from.
    func applies(_ entry: RemedyCatalog.Entry, to finding: Finding) -> Bool {
        entry.patterns.contains(finding.pattern)
            || (isDiscriminatorAhead && entry.effect == .calmsDiscriminator && !finding.pattern.isOfLosses
                && finding.pattern != .memorization && finding.pattern != .nonFinite)
    }

    /// The state of the newest losses if it does not distinguish a healthy run from a failed one; `nil` if the game
    /// looks balanced.
    static func standing(_ history: History) -> Grounds.Losses? {
        guard let chance = history.objective.chanceLosses else { return nil }
        func newest(_ series: SeriesName) -> Double {
            let windows = history.windows(series).suffix(5)
            return windows.map(\.mean).reduce(0, +) / Double(windows.count)
        }
        let total = newest(.lossDiscriminatorReal) + newest(.lossDiscriminatorFake)
        let generator = newest(.lossGenerator)
        // Both healthy and collapsed runs show these losses for a long time.
        let isBeaten =
            chance.generator > 0 && generator > DiscriminatorWins.beatenLoss(history.objective)
            && !history.context.hasTargets
        if total < Thresholds.wonLossDiscriminator || isBeaten && total < chance.discriminator / 2 { return .ahead }
        if total > 2 * chance.discriminator { return .behind }
        let margin = Thresholds.chanceLevel
        if abs(total - chance.discriminator) < margin * chance.discriminator,
            abs(generator - chance.generator) < margin * abs(chance.generator)
        {
            return .atChance
        }
        return nil
    }
}

extension Objective {
    /// The chance level of the losses: the sum of the losses of a discriminator that guesses, and the generator's loss
    /// against it; `nil` if the losses have no known scale.
    var chanceLosses: (discriminator: Double, generator: Double)? {
        switch self {
        case .minimax: (2 * 0.6931, -0.6931)
        case .nonSaturating, .dragan: (2 * 0.6931, 0.6931)
        case .leastSquares: (0.5, 0.25)
        default: nil
        }
    }
}
