import Measurements

/// Both players' losses are near zero, which is impossible in an adversarial game: if the discriminator recognizes
/// fakes, a generator that tries to pass for real has a high loss. So either the generator is trained toward the answer
/// that the discriminator learns for fakes, or the discriminator answers differently in the two players' steps.
///
/// Source: Jensen's inequality, `Documentation/logs.md`; measured on swapped labels and on batch norm over mixed batches,
/// `Documentation/diagnosis.md`.
struct BothPlayersWin: Rule {
    let pattern = Pattern.bothPlayersWin
    let signals = SeriesName.losses

    func applies(to history: History) -> Bool { history.areVanishedLossesMeaningful }

    func finding(in history: History) -> Finding? {
        guard !LossesVanish.allowsLowGeneratorLoss(history),
            let stretch = history.vanishedLosses(signals, allowsNegative: false)
        else { return nil }
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: 0.9, sinceStep: stretch.firstStep,
            summary:
                "Both losses have been near zero since \(history.place(stretch.firstStep)), which is impossible for adversarial losses. "
                + explanation(history),
            evidence: signals.map { stretch.evidence($0, threshold: Thresholds.vanishedLoss) })
    }

    private func explanation(_ history: History) -> String {
        let answers = history.stretch(of: [.probabilityReal, .probabilityFake], lasting: history.windowsNeeded) {
            $0.allSatisfy { $0.minimum >= 0 && $0.maximum <= 1 }
        }
        let sure = Thresholds.sureAnswer
        guard let answers, case let real = answers.typical(.probabilityReal),
            case let fake = answers.typical(.probabilityFake), min(real, fake) < 1 - sure, max(real, fake) > sure
        else {
            return
                "Either the generator is trained toward the answer that the discriminator learns for generated samples (swapped labels), or the "
                + "discriminator answers differently in the generator's step (batch norm)"
                + (history.context.isObjectiveKnown
                    ? "."
                    : ", unless these losses can be small for other reasons (a critic, feature matching, policy gradients).")
        }
        let said =
            "The discriminator answers \(words(real)) to real examples and \(words(fake)) to generated ones, "
        return said
            + (real < fake
                ? "so it learns from swapped labels, and the generator is trained toward the answer that the "
                    + "discriminator already gives."
                : "yet the generator's loss is as low as if its samples passed for real: either it is trained toward "
                    + "the wrong label, or the discriminator answers differently in the generator's step (batch norm).")
    }
}
