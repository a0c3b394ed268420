import Runs

/// Which player is ahead, as far as losses tell: a remedy must not help the one that is.
struct Balance: Equatable {
    /// The discriminator tells nearly everything apart.
    let isDiscriminatorAhead: Bool
    /// The discriminator does no better than chance.
    let isDiscriminatorBehind: Bool

    init(_ history: History, _ findings: [Finding]) {
        let isWon = findings.contains { [.discriminatorWins, .lossesVanish].contains($0.pattern) }
        isDiscriminatorAhead = isWon || Balance.holds(history) { $0 < Thresholds.wonLossDiscriminator }
        isDiscriminatorBehind =
            !isDiscriminatorAhead && history.objective.hasProbabilities
            && Balance.holds(history) { $0 >= Thresholds.chanceLossDiscriminator }
    }

    /// Whether something holds of the discriminator's losses, added up, in the newest windows.
    private static func holds(_ history: History, _ isMeant: (Double) -> Bool) -> Bool {
        guard history.objective.lossesHaveScale else { return false }
        let players = [SeriesName.lossDiscriminatorReal, .lossDiscriminatorFake]
        return history.stretch(of: players, lasting: Thresholds.newestWindows) {
            min($0[0].mean, $0[1].mean) >= 0 && isMeant($0[0].mean + $0[1].mean)
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
}
