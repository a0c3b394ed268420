import Foundation
import Measurements
import Recipes

/// The training objective, inferred from the losses where they allow it.
///
/// Both players' losses depend on the same answers f to the fakes, so one bounds the other (Jensen's inequality): with
/// g = E[−log p] for the generator, the discriminator's cross-entropy is at least −log(1 − e⁻ᵍ); with g = E[(f − 1)²],
/// its squared loss is at least (1 − √g)². A log that violates the bound has another objective. A critic's losses are
/// often negative, and so is the generator's hinge loss.
struct ObjectiveGuess {
    /// `nil` if the numbers do not reveal it; then only rules for all objectives apply.
    let objective: Objective?
    /// Whether the discriminator's loss is the mean of its losses on reals and fakes.
    let isMean: Bool
    /// A sentence about what was assumed and how certain it is.
    let sentence: String
    /// Whether the losses of other players of the same program may reveal the objective: the losses of these players
    /// are neither sums over batches or discriminators, nor constant.
    var mayBeShared: Bool { objective == nil && isOpen }
    private var isOpen = false

    /// The end of a sentence that explains why the objective is unknown.
    private static let general =
        "only rules that hold for every objective were applied; specify the objective with --objective."

    typealias Points = [(step: Int, value: Double)]

    init(
        _ series: [SeriesName: [(step: Int, value: Double)]], isMeanOfHalves: Bool?,
        byNames: ColumnMapping.ObjectiveByNames? = nil
    ) {
        let pairs = ObjectiveGuess.pairs(series)
        let whole = series[.lossDiscriminator]?.map(\.value).filter(\.isFinite) ?? []
        let hints = ObjectiveHints(series, pairs)
        let doubled = pairs.map { ($0, 2 * $1) }
        let startsWithMeans = hints.startsWithMeans && ObjectiveGuess.areCrossEntropies(doubled)
        let isMean =
            isMeanOfHalves ?? (!whole.isEmpty && (startsWithMeans || ObjectiveGuess.isMean(whole, series)))
        isOpen =
            (byNames == nil || byNames == .cycles) && !ObjectiveGuess.isSummed(pairs)
            && [pairs.map(\.generator), pairs.map(\.discriminator)].allSatisfy {
                ($0.max() ?? 0) - ($0.min() ?? 0) > 1e-3 * abs($0.max() ?? 0)
            }
        let guess = ObjectiveGuess.guess(isMean ? doubled : pairs, series, hints)
        if let byNames, let named = ObjectiveGuess.named(byNames, guess.0, pairs) {
            // CycleGAN halves the sum of the discriminator's losses.
            self.isMean = byNames == .cycles && !whole.isEmpty ? isMeanOfHalves ?? true : isMean
            (objective, sentence) = named
        } else if guess.0 == .nonSaturating, isMeanOfHalves == nil, !isMean, hints.areSmallForSums {
            self.isMean = true
            (objective, sentence) = guess
        } else if guess.0 == .leastSquares, isMeanOfHalves == nil, !isMean, hints.areLargeForSquares,
            ObjectiveGuess.areCrossEntropies(doubled)
        {
            self.isMean = true
            (objective, sentence) = (
                .nonSaturating,
                "Judged as cross-entropies (probably: the discriminator's loss is too large for squares, given its "
                    + "accuracy); use --objective to override."
            )
        } else if guess.0 == nil, !isMean,
            case (.leastSquares?, let sentence) = ObjectiveGuess.guess(doubled, series, hints)
        {
            // Squares are often halved. Cross-entropies seldom are, and their level shows it.
            (self.isMean, objective, self.sentence) = (true, .leastSquares, sentence)
        } else {
            self.isMean = isMean
            (objective, sentence) = guess
        }
    }

    /// The objective according to the column names, whatever the losses look like; `nil` if the losses decide.
    private static func named(
        _ names: ColumnMapping.ObjectiveByNames, _ guess: Objective?,
        _ pairs: [(generator: Double, discriminator: Double)]
    ) -> (Objective?, String)? {
        switch names {
        case .began:
            (
                .began,
                "Judged as BEGAN (the log has BEGAN's k and its convergence measure); use --objective to override."
            )
        case .policyGradient:
            (nil, "The generator learns by policy gradients, and its loss has no scale, so \(general)")
        // Sums of squares reach the levels of cross-entropies.
        case .severalDiscriminators where guess == .nonSaturating || guess == .leastSquares:
            (
                nil,
                "The log has a loss on mel spectrograms, so it is probably a vocoder's. Vocoders add up the losses of several discriminators, so "
                    + general
            )
        // CycleGAN's discriminators also see images of earlier steps, so its losses may violate every bound.
        case .cycles where (guess == nil || guess == .nonSaturating) && mayBeSquares(pairs):
            (
                .leastSquares,
                "Judged as least squares (probably: the log has cycle-consistency losses, and CycleGAN's default is "
                    + "least squares); use --objective to override."
            )
        default: nil
        }
    }

    /// Whether the discriminator's total loss is usually at most the chance level of squares, and the generator's loss
    /// is moderate. Losses near zero show nothing.
    private static func mayBeSquares(_ pairs: [(generator: Double, discriminator: Double)]) -> Bool {
        let generators = pairs.map(\.generator)
        return quantile(pairs.map(\.discriminator), 0.5) <= 0.5 && quantile(generators, 0.9) <= 2
            && quantile(generators, 0.5) > 0.05
    }

    private static func guess(
        _ pairs: [(generator: Double, discriminator: Double)], _ series: [SeriesName: Points], _ hints: ObjectiveHints
    ) -> (Objective?, String) {
        func share(_ holds: ((generator: Double, discriminator: Double)) -> Bool) -> Double {
            Double(pairs.count(where: holds)) / Double(max(1, pairs.count))
        }
        let halves = [SeriesName.lossDiscriminatorReal, .lossDiscriminatorFake].flatMap {
            series[$0]?.map(\.value) ?? []
        }
        let negative = Double(halves.count { $0 < -1e-6 }) / Double(max(1, halves.count))
        if share({ $0.discriminator < -1e-6 }) > 0.02 || negative > 0.02 {
            return (
                .wasserstein,
                "Judged as a critic's losses: they are negative, so they are neither cross-entropies nor squares; use "
                    + "--objective to override."
            )
        }
        if share({ $0.generator < -1e-6 }) > 0.02 {
            return (
                .hinge,
                "Judged as hinge losses (probably: only the generator's is negative); use --objective to override."
            )
        }
        let unknown =
            "The losses do not reveal the objective, so \(ObjectiveGuess.general)"
        guard !pairs.isEmpty else { return (nil, unknown) }
        if isSummed(pairs) {
            return (
                nil,
                "From the first row on, the losses are many times larger than those of single examples, as if they "
                    + "were summed over batches, so "
                    + ObjectiveGuess.general
            )
        }
        let highest = (
            generator: quantile(pairs.map(\.generator), 0.98), discriminator: quantile(pairs.map(\.discriminator), 0.98)
        )
        let areCrossEntropies = areCrossEntropies(pairs)
        if areCrossEntropies, hints.startsWithGuesses {
            return (
                .nonSaturating,
                "Judged as cross-entropies (losses of log 2 are at chance level; assumed to be non-saturating, as in most "
                    + "programs); use --objective to override."
            )
        }
        if areCrossEntropies, highest.discriminator > 0.02 || highest.generator > 1.5 {
            return (
                .nonSaturating,
                "Judged as cross-entropies (the losses fit; assumed to be non-saturating, as in most programs); use "
                    + "--objective to override."
            )
        }
        let isSquare =
            share { $0.generator <= 1 && $0.discriminator < 0.8 * pow(1 - $0.generator.squareRoot(), 2) - 0.005 } < 0.1
        if isSquare, highest.generator <= 1.6, highest.discriminator <= 1.1 {
            return (
                .leastSquares,
                "Judged as least squares (probably: the losses are too small for cross-entropies); use --objective to override."
            )
        }
        return (nil, unknown)
    }

    /// Whether the losses satisfy the bound of cross-entropies.
    ///
    /// The losses of one step belong to different batches, before and after an update, so some lie below the bound all
    /// the same. A discriminator loss that is printed as 0 next to a large generator loss only shows that it is small.
    private static func areCrossEntropies(_ pairs: [(generator: Double, discriminator: Double)]) -> Bool {
        func shareUnderBound(times slack: Double) -> Double {
            let count = pairs.count {
                $0.discriminator < slack * -log(1 - exp(-$0.generator)) - 0.005
                    && !($0.discriminator == 0 && $0.generator > 3)
            }
            return Double(count) / Double(max(1, pairs.count))
        }
        return shareUnderBound(times: 0.8) < 0.1 && shareUnderBound(times: 1) < 0.5
    }

    /// Whether both losses are large from the first row on and keep their level: exploding losses rise, and a stuck one
    /// does not change at all.
    private static func isSummed(_ pairs: [(generator: Double, discriminator: Double)]) -> Bool {
        guard pairs.count >= 5 else { return false }
        func isSteady(_ values: [Double]) -> Bool {
            let (low, middle, high) = (quantile(values, 0.1), quantile(values, 0.5), quantile(values, 0.9))
            return low > 10 && values.prefix(3).allSatisfy { $0 > 10 } && high < 4 * low && high - low > 1e-3 * middle
        }
        return isSteady(pairs.map(\.generator)) && isSteady(pairs.map(\.discriminator))
    }

    /// Whether the level of a total loss is that of a mean, judged by the discriminator's answers if they are known.
    private static func isMean(_ whole: [Double], _ series: [SeriesName: Points]) -> Bool {
        guard let real = series[.probabilityReal], let fake = series[.probabilityFake], real.count == fake.count,
            real.count == whole.count, real.allSatisfy({ (0...1).contains($0.value) })
        else { return false }
        // Cross-entropies of the mean answers are slightly below the mean cross-entropies.
        let ratios = sampled(whole.indices).compactMap { place -> Double? in
            let sum = -log(max(real[place].value, 1e-7)) - log(max(1 - fake[place].value, 1e-7))
            return sum > 0.05 ? whole[place] / sum : nil
        }
        return ratios.count >= 5 && quantile(ratios, 0.5) < 0.75
    }

    private static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.filter(\.isFinite).sorted()
        return sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
