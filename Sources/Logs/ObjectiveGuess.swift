import Foundation
import Runs

/// What the players strive for, told by their losses where those allow it.
///
/// Both players' losses are of the same answers f to the fakes, so that one bounds the other (Jensen's inequality): with g = E[−log p] of
/// the generator, a cross-entropy of the discriminator is at least −log(1 − e⁻ᵍ); with g = E[(f − 1)²], squares are at least (1 − √g)². A log
/// that breaks the bound is of another objective. A critic's losses are negative as often as not, and a hinge loss of the generator too.
struct ObjectiveGuess {
    /// `nil` where the numbers do not tell: then only what holds for all objectives is looked for.
    let objective: Objective?
    /// Whether the discriminator's loss is the mean of those on reals and fakes.
    let isMean: Bool
    /// What was taken for what, and how sure it is.
    let sentence: String
    /// Whether the losses of other players of the same program may tell the objective: those of this one are neither sums over batches or
    /// discriminators nor constant.
    var mayBeShared: Bool { objective == nil && isOpen }
    private var isOpen = false

    /// The end of a sentence that says why the objective is unknown.
    private static let general =
        "only rules that hold for every objective were applied; name the objective with --objective."

    private typealias Points = [(step: Int, value: Double)]

    init(
        _ series: [SeriesName: [(step: Int, value: Double)]], isMeanOfHalves: Bool?,
        byNames: ColumnMapping.ObjectiveByNames? = nil
    ) {
        let pairs = ObjectiveGuess.pairs(series)
        let whole = series[.lossDiscriminator]?.map(\.value).filter(\.isFinite) ?? []
        let isMean = isMeanOfHalves ?? (!whole.isEmpty && ObjectiveGuess.isMean(whole, series))
        if byNames == .began {
            self.isMean = isMean
            (objective, sentence) = (
                .began, "Judged as BEGAN (the log holds its k and its measure); --objective says otherwise."
            )
            return
        }
        isOpen =
            byNames == nil && !ObjectiveGuess.isSummed(pairs)
            && [pairs.map(\.generator), pairs.map(\.discriminator)].allSatisfy {
                ($0.max() ?? 0) - ($0.min() ?? 0) > 1e-3 * abs($0.max() ?? 0)
            }
        let doubled = pairs.map { ($0, 2 * $1) }
        let guess = ObjectiveGuess.guess(isMean ? doubled : pairs, series)
        if byNames == .policyGradient {
            self.isMean = isMean
            (objective, sentence) = (
                nil,
                "The generator learns by policy gradients, whose loss has no scale, so \(ObjectiveGuess.general)"
            )
            return
        }
        // Sums of squares reach the levels of cross-entropies.
        if byNames == .severalDiscriminators, guess.0 == .nonSaturating || guess.0 == .leastSquares {
            self.isMean = isMean
            (objective, sentence) = (
                nil,
                "The log has a loss on mel spectrograms, so it is probably a vocoder's. Vocoders add up the losses of several discriminators, so "
                    + ObjectiveGuess.general
            )
            return
        }
        // Squares are often halved; cross-entropies seldom, and their level tells.
        if guess.0 == nil, !isMean, case (.leastSquares?, let sentence) = ObjectiveGuess.guess(doubled, series) {
            (self.isMean, objective, self.sentence) = (true, .leastSquares, sentence)
        } else {
            self.isMean = isMean
            (objective, sentence) = guess
        }
    }

    /// Some thousands of places, evenly spread: they tell as much as all.
    private static func sampled(_ places: Range<Int>) -> StrideTo<Int> {
        stride(from: places.lowerBound, to: places.upperBound, by: max(1, places.count / 5000))
    }

    /// The generator's loss and the whole of the discriminator's at the same steps.
    ///
    /// Lightning counts a step of each player, so that the losses of one batch are a step apart: the nearest one counts, if it is nearer than
    /// the generator's next.
    private static func pairs(_ series: [SeriesName: Points]) -> [(generator: Double, discriminator: Double)] {
        let all = series[.lossGenerator] ?? []
        let isWhole = series[.lossDiscriminator] != nil
        let names = isWhole ? [SeriesName.lossDiscriminator] : [.lossDiscriminatorReal, .lossDiscriminatorFake]
        let parts = names.map { (series[$0] ?? []).sorted { $0.step < $1.step } }
        let reach = spacing(all) / 2
        return sampled(all.indices).compactMap { place in
            let values = parts.compactMap { nearest($0, to: all[place].step, within: reach) }
            guard values.count == names.count, all[place].value.isFinite else { return nil }
            let sum = values.reduce(0, +)
            return sum.isFinite ? (all[place].value, sum) : nil
        }
    }

    /// The usual number of steps from one value to the next.
    private static func spacing(_ points: Points) -> Int {
        let gaps = zip(points, points.dropFirst()).prefix(5000).map { $1.step - $0.step }.sorted()
        return gaps.isEmpty ? 0 : max(0, gaps[gaps.count / 2])
    }

    /// The value whose step is nearest; `points` are sorted by their steps.
    private static func nearest(_ points: Points, to step: Int, within reach: Int) -> Double? {
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].step < step { low = middle + 1 } else { high = middle }
        }
        let near = [low - 1, low].filter(points.indices.contains).min {
            abs(points[$0].step - step) < abs(points[$1].step - step)
        }
        return near.flatMap { abs(points[$0].step - step) <= reach ? points[$0].value : nil }
    }

    private static func guess(
        _ pairs: [(generator: Double, discriminator: Double)], _ series: [SeriesName: Points]
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
                "Judged as a critic's losses: they are negative, so they are neither cross-entropies nor squares; --objective says otherwise."
            )
        }
        if share({ $0.generator < -1e-6 }) > 0.02 {
            return (
                .hinge,
                "Judged as hinge losses (probably: only the generator's is negative); --objective says otherwise."
            )
        }
        let unknown =
            "The losses do not tell the objective, so \(ObjectiveGuess.general)"
        guard !pairs.isEmpty else { return (nil, unknown) }
        if isSummed(pairs) {
            return (
                nil,
                "From the first row on the losses are many times larger than those of single examples, as if they were summed over batches, so "
                    + ObjectiveGuess.general
            )
        }
        // Losses of one step are of other batches, before and after an update, so that some lie under the bound all the same.
        // A discriminator's loss that is printed as 0 beside a large one of the generator says no more than that it is small.
        func shareUnderBound(times slack: Double) -> Double {
            share {
                $0.discriminator < slack * -log(1 - exp(-$0.generator)) - 0.005
                    && !($0.discriminator == 0 && $0.generator > 3)
            }
        }
        let isCrossEntropy = shareUnderBound(times: 0.8) < 0.1 && shareUnderBound(times: 1) < 0.5
        let highest = (
            generator: quantile(pairs.map(\.generator), 0.98), discriminator: quantile(pairs.map(\.discriminator), 0.98)
        )
        if isCrossEntropy, highest.discriminator > 0.02 || highest.generator > 1.5 {
            return (
                .nonSaturating,
                "Judged as cross-entropies (the losses fit; non-saturating, which most programs use); --objective says otherwise."
            )
        }
        let isSquare =
            share { $0.generator <= 1 && $0.discriminator < 0.8 * pow(1 - $0.generator.squareRoot(), 2) - 0.005 } < 0.1
        if isSquare, highest.generator <= 1.6, highest.discriminator <= 1.1 {
            return (
                .leastSquares,
                "Judged as least squares (probably: the losses are too small for cross-entropies); --objective says otherwise."
            )
        }
        return (nil, unknown)
    }

    /// Whether both losses are large from the first row on and stay at their level: losses that explode rise, and one that is stuck does not
    /// change at all.
    private static func isSummed(_ pairs: [(generator: Double, discriminator: Double)]) -> Bool {
        guard pairs.count >= 5 else { return false }
        func isSteady(_ values: [Double]) -> Bool {
            let (low, middle, high) = (quantile(values, 0.1), quantile(values, 0.5), quantile(values, 0.9))
            return low > 10 && values.prefix(3).allSatisfy { $0 > 10 } && high < 4 * low && high - low > 1e-3 * middle
        }
        return isSteady(pairs.map(\.generator)) && isSteady(pairs.map(\.discriminator))
    }

    /// Whether the level of a whole loss is that of a mean, by the answers where they are known.
    private static func isMean(_ whole: [Double], _ series: [SeriesName: Points]) -> Bool {
        guard let real = series[.probabilityReal], let fake = series[.probabilityFake], real.count == fake.count,
            real.count == whole.count, real.allSatisfy({ (0...1).contains($0.value) })
        else { return false }
        // Cross-entropies of the mean answers are a little less than the mean cross-entropies.
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
