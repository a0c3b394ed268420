import Measurements
import Recipes

/// The discriminator classifies nearly all examples correctly and its loss is low, so the generator learns little from
/// it.
///
/// A critic's scores have no threshold between real and generated, so its accuracy is meaningless.
///
/// Source: Brownlee, "How to Identify and Diagnose GAN Failure Modes" (an accuracy of 100 % if the training fails, 70
/// to 80 % if it is stable).
struct PerfectAccuracy: Rule {
    let pattern = Pattern.discriminatorWins
    // Few logs contain an accuracy, and other rules detect the pattern in the losses.
    let signals: [SeriesName] = []

    func applies(to objective: Objective) -> Bool { !objective.hasCritic }

    func applies(to history: History) -> Bool {
        history.has(.accuracyDiscriminator)
            && (history.context.isObjectiveKnown ? applies(to: history.objective) : !history.hasNegativeLosses)
    }

    func finding(in history: History) -> Finding? {
        let (series, limit) = (SeriesName.accuracyDiscriminator, Thresholds.perfectAccuracy)
        let losses: [SeriesName] = [.lossDiscriminatorReal, .lossDiscriminatorFake]
        let stretch = history.stretch(of: [series] + losses, lasting: history.windowsNeeded) {
            // Next to a loss near chance level, it is the accuracy of something else, such as a classifier of the
            // data's classes.
            $0[0].mean > limit && $0[1].mean + $0[2].mean < Thresholds.chanceLossDiscriminator / 2
        }
        guard let stretch, DiscriminatorWins().finding(in: history) == nil else { return nil }
        return Finding(
            failure: .convergenceFailure, pattern: pattern,
            // Healthy runs have such discriminators too; only samples show whether the run has failed.
            severity: Thresholds.highestWarning, sinceStep: stretch.firstStep,
            summary:
                "The discriminator has been right about \(words(stretch.typical(series) * 100)) % of all examples since "
                + "\(history.place(stretch.firstStep)) (60 to 90 % in a balanced game), so the generator learns little from it.",
            evidence: [stretch.evidence(series, threshold: limit)])
    }
}

/// The discriminator gives all examples the same answer: it is right about exactly half of them at every step, and its
/// losses are no better than chance.
///
/// With smoothed labels, Keras counts every answer to real examples as wrong, so a perfect discriminator is also right
/// about half of all examples; but its losses are low.
struct ConstantAccuracy: Rule {
    let pattern = Pattern.discriminatorFrozen
    let signals: [SeriesName] = []

    func applies(to objective: Objective) -> Bool { objective.chanceLosses != nil }

    func finding(in history: History) -> Finding? {
        let series: [SeriesName] = [.accuracyDiscriminator, .lossDiscriminatorReal, .lossDiscriminatorFake]
        let half = 0.5
        guard let chance = history.objective.chanceLosses,
            let stretch = history.stretch(
                of: series, lasting: history.windowsNeeded,
                where: { windows in
                    let accuracy = windows[0]
                    return accuracy.nonFiniteCount == 0
                        && max(abs(accuracy.maximum - half), abs(accuracy.minimum - half)) < Thresholds.constantAccuracy
                        && windows[1].mean + windows[2].mean > Thresholds.guessingShare * chance.discriminator
                }),
            let windows = stretch.windows[series[0]], windows.map(\.count).reduce(0, +) >= Thresholds.enoughAccuracies,
            DiscriminatorFrozen().finding(in: history) == nil
        else { return nil }
        let total = stretch.typical(series[1]) + stretch.typical(series[2])
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: 0.7, sinceStep: stretch.firstStep,
            summary:
                "The discriminator gives every example the same answer: since \(history.place(stretch.firstStep)), it has been right about half of the "
                + "examples, never more or less, and its losses add up to \(words(total)) (chance level: \(words(chance.discriminator))), so the "
                + "generator learns nothing from it.",
            evidence: [
                Evidence(
                    signal: "\(series[0]), largest difference from 0.5",
                    value: windows.map { max(abs($0.maximum - half), abs($0.minimum - half)) }.max() ?? 0,
                    threshold: Thresholds.constantAccuracy, fromStep: stretch.firstStep, toStep: stretch.lastStep),
                Evidence(
                    signal: "\(series[1]) + \(series[2])", value: total,
                    threshold: Thresholds.guessingShare * chance.discriminator, fromStep: stretch.firstStep,
                    toStep: stretch.lastStep),
            ])
    }
}

extension Objective {
    /// Whether the discriminator is a critic, whose scores have no threshold between real and generated.
    var hasCritic: Bool { [.wasserstein, .wassersteinGradientPenalty, .relativistic, .began].contains(self) }
}

extension History {
    /// Whether any loss is negative, which neither cross-entropies nor squares can be.
    fileprivate var hasNegativeLosses: Bool {
        SeriesName.losses.contains { series in
            windows(series).contains { $0.minimum < 0 }
        }
    }
}
