import Measurements
import Recipes

/// Which player is ahead, as far as losses tell: a remedy must not help the one that is.
struct Balance: Equatable {
    /// The discriminator tells nearly everything apart.
    let isDiscriminatorAhead: Bool
    /// The discriminator does worse than chance, or is stuck there.
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

    /// Whether something holds of the discriminator's losses, added up, in the newest windows.
    private static func holds(_ history: History, _ isMeant: (Double) -> Bool) -> Bool {
        guard history.objective.lossesHaveScale else { return false }
        let players = [SeriesName.lossDiscriminatorReal, .lossDiscriminatorFake]
        return history.stretch(of: players, lasting: Thresholds.newestWindows) {
            min($0[0].mean, $0[1].mean) >= 0 && isMeant($0[0].mean + $0[1].mean)
        } != nil
    }

    /// Whether the discriminator is sure of the samples in the newest windows, and seldom wrong about anything.
    private static func isBeaten(_ history: History) -> Bool {
        guard let chance = history.objective.chanceLosses, chance.generator > 0 else { return false }
        let beaten = DiscriminatorWins.beatenLoss(history.objective)
        let players = SeriesName.losses
        return history.stretch(of: players, lasting: Thresholds.newestWindows) {
            min($0[1].mean, $0[2].mean) >= 0 && $0[0].mean > beaten
                && $0[1].mean + $0[2].mean < chance.discriminator / 2
        } != nil
    }

    /// Whether a remedy of this effect does not make matters worse.
    func allows(_ effect: RemedyCatalog.Effect) -> Bool {
        switch effect {
        case .neutral: true
        case .strengthensDiscriminator: !isDiscriminatorAhead
        case .calmsDiscriminator: !isDiscriminatorBehind
        }
    }

    /// Whether the evidence asks for this effect.
    func calls(for effect: RemedyCatalog.Effect) -> Bool {
        switch effect {
        case .neutral: false
        case .calmsDiscriminator: isDiscriminatorAhead
        case .strengthensDiscriminator: isDiscriminatorBehind
        }
    }

    /// Whether an entry helps against a finding: by its pattern, or because what the samples lack comes of a discriminator that is
    /// too far ahead to teach anything.
    func applies(_ entry: RemedyCatalog.Entry, to finding: Finding) -> Bool {
        entry.patterns.contains(finding.pattern)
            || (isDiscriminatorAhead && entry.effect == .calmsDiscriminator && !finding.pattern.isOfLosses
                && finding.pattern != .memorization && finding.pattern != .nonFinite)
    }

    /// What the newest losses say where they do not tell a sound training from a failed one; `nil` where the game looks balanced.
    static func standing(_ history: History) -> Grounds.Losses? {
        guard let chance = history.objective.chanceLosses else { return nil }
        func newest(_ series: SeriesName) -> Double {
            let windows = history.windows(series).suffix(5)
            return windows.map(\.mean).reduce(0, +) / Double(windows.count)
        }
        let total = newest(.lossDiscriminatorReal) + newest(.lossDiscriminatorFake)
        let generator = newest(.lossGenerator)
        // Sound trainings show these for long, and so do trainings that have collapsed.
        // With target losses, a beaten generator still learns from them.
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
    /// The losses of a discriminator that guesses, added up, and of the generator then; `nil` where losses have no known scale.
    var chanceLosses: (discriminator: Double, generator: Double)? {
        switch self {
        case .minimax: (2 * 0.6931, -0.6931)
        case .nonSaturating, .dragan: (2 * 0.6931, 0.6931)
        case .leastSquares: (0.5, 0.25)
        default: nil
        }
    }
}
