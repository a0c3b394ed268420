import Foundation
import Measurements

/// Evidence of the objective, and of how the discriminator's loss is computed, besides the bound between both players'
/// losses.
///
/// An untrained discriminator answers about 0.5 to everything, so the first cross-entropies are log 2. The accuracy
/// also bounds the losses of answers that are as confident as they are right: with a share e of errors, the
/// cross-entropy is at least 2e·log 2 (Hellman and Raviv 1970), and the squared loss at most e(1 − e), because the
/// variance of an answer is a concave function of its error. Squares of unbounded answers may be larger, so this alone
/// decides nothing.
struct ObjectiveHints {
    /// Whether the first losses, or most of them, are cross-entropies at chance level.
    let startsWithGuesses: Bool
    /// Whether the discriminator's loss is then a mean of its losses on reals and fakes.
    let startsWithMeans: Bool
    /// Whether the losses, taken as sums of cross-entropies, are too small for the accuracy.
    let areSmallForSums: Bool
    /// Whether the losses, taken as sums of squares, are too large for the accuracy.
    let areLargeForSquares: Bool

    /// The maximum relative distance of the first losses from log 2.
    private static let nearGuess = 0.02
    /// The share of the rows that must agree.
    private static let agreement = 0.8
    private static let fewestAccuracies = 3

    init(_ series: [SeriesName: ObjectiveGuess.Points], _ pairs: [(generator: Double, discriminator: Double)]) {
        func isNear(_ value: Double?, _ level: Double) -> Bool {
            value.map { abs($0 / level - 1) < ObjectiveHints.nearGuess } ?? false
        }
        let guess = log(2.0)
        let isWhole = series[.lossDiscriminator] != nil
        func areMeans(_ pair: (generator: Double, discriminator: Double)?) -> Bool {
            isWhole && isNear(pair?.generator, guess) && isNear(pair?.discriminator, guess)
        }
        // A discriminator whose loss stays there answers 0.5 to everything; if the loss were a sum, all of it would be
        // due to fakes.
        let stays = pairs.count >= 10 && 2 * pairs.count(where: areMeans) >= pairs.count
        startsWithMeans = areMeans(pairs.first) || stays
        startsWithGuesses =
            startsWithMeans || isNear(pairs.first?.generator, guess) && isNear(pairs.first?.discriminator, 2 * guess)

        let known = ObjectiveGuess.accuracies(series)
        // With smoothed labels, Keras counts every answer to real examples as wrong.
        let isUsable =
            known.count >= ObjectiveHints.fewestAccuracies && known.contains { $0.accuracy > 0.55 }
        func holds(_ condition: (_ half: Double, _ errors: Double) -> Bool) -> Bool {
            let count = known.count { condition($0.loss / 2, 1 - $0.accuracy) }
            return isUsable && Double(count) >= ObjectiveHints.agreement * Double(known.count)
        }
        areSmallForSums = holds { half, errors in half < 2 * errors * guess }
        areLargeForSquares = holds { half, errors in half > 1.3 * errors * (1 - errors) }
    }
}
