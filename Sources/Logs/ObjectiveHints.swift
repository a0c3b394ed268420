import Foundation
import Measurements

/// What tells the objective, or how the discriminator's loss is computed, besides the bound between both players' losses.
///
/// An untrained discriminator answers about 0.5 to everything, so that the first cross-entropies are log 2. And an accuracy bounds the losses of
/// answers that are as sure as they are right: with a share e of errors, the cross-entropy is at least 2e·log 2 (Hellman and Raviv 1970), and the
/// square at most e(1 − e), since the variance of an answer is a concave function of its error. Squares of unbounded answers may be larger, so
/// this alone decides nothing.
struct ObjectiveHints {
    /// Whether the first losses are cross-entropies of guesses, or most are.
    let startsWithGuesses: Bool
    /// Whether the discriminator's are then a mean of those on reals and on fakes.
    let startsWithMeans: Bool
    /// Whether the losses, taken as sums of cross-entropies, are too small for the accuracy.
    let areSmallForSums: Bool
    /// Whether the losses, taken as sums of squares, are too large for the accuracy.
    let areLargeForSquares: Bool

    /// How near the first losses come to log 2.
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
        // A discriminator that stays there answers 0.5 to everything; as a sum it would know all reals and no fake.
        let stays = pairs.count >= 10 && 2 * pairs.count(where: areMeans) >= pairs.count
        startsWithMeans = areMeans(pairs.first) || stays
        startsWithGuesses =
            startsWithMeans || isNear(pairs.first?.generator, guess) && isNear(pairs.first?.discriminator, 2 * guess)

        let known = ObjectiveGuess.accuracies(series)
        // With smoothed labels, Keras counts no answer to real examples as right.
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
