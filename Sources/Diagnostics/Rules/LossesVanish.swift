import Measurements
import Recipes

/// Both players' losses drop to zero in the first epochs: the generator produces fakes that are trivially easy to
/// recognize.
///
/// In this case, only a generator that minimizes log(1 − D), or that also has targets, has a low loss; for others see
/// ``BothPlayersWin``.
///
/// Source: the article's section on convergence failure.
struct LossesVanish: Rule {
    let pattern = Pattern.lossesVanish
    let signals = SeriesName.losses

    func applies(to history: History) -> Bool { history.areVanishedLossesMeaningful }

    /// Whether the generator's loss can be low while the discriminator rejects its samples.
    static func allowsLowGeneratorLoss(_ history: History) -> Bool {
        history.objective == .minimax || history.context.hasTargets
    }

    func finding(in history: History) -> Finding? {
        guard LossesVanish.allowsLowGeneratorLoss(history),
            let stretch = history.vanishedLosses(signals, allowsNegative: history.objective == .minimax)
        else { return nil }
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            // A generator that also has targets still learns from them.
            severity: history.context.hasTargets ? 0.45 : 0.9, sinceStep: stretch.firstStep,
            summary:
                "All losses have been near zero since \(history.place(stretch.firstStep)): the discriminator "
                + "recognizes the samples without effort, and the generator no longer learns anything.",
            evidence: signals.map { stretch.evidence($0, threshold: Thresholds.vanishedLoss) })
    }
}

extension History {
    /// Whether losses near zero are meaningful. A critic's losses cross zero, and an autoencoder's are small. If the
    /// objective is unknown, losses that fall to zero from a higher level are evidence enough.
    var areVanishedLossesMeaningful: Bool {
        guard context.isObjectiveKnown else { return true }
        switch objective {
        case .wasserstein, .wassersteinGradientPenalty, .began: return false
        default: return true
        }
    }

    /// The stretch in which the losses of both players are near zero.
    func vanishedLosses(_ losses: [SeriesName], allowsNegative: Bool) -> Stretch? {
        let limit = Thresholds.vanishedLoss
        guard context.isObjectiveKnown || losses.contains(where: { windows($0).first?.mean ?? 0 > 2 * limit }) else {
            return nil
        }
        return stretch(of: losses, lasting: windowsNeeded) { windows in
            // Negative losses belong to another objective, except for log(1 − D(f)).
            windows.allSatisfy { abs($0.mean) < limit && (allowsNegative || $0.minimum >= 0) }
        }
    }
}
