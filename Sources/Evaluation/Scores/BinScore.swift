import Foundation
public import Torch

/// How much the distribution of samples over bins differs from the reference: the number of statistically different
/// bins (NDB) and the Jensen–Shannon divergence.
///
/// A bin is different if the z-test for two proportions has a p-value under 0.05. Even a perfect sampler has about 5
/// such bins in 100, and the test is more sensitive with more samples. So the same scores are computed for held-out
/// real data, in random splits of the samples' size; the excess over them is what counts.
///
/// Detects missing and over-represented modes. Does not detect blur or noise that stays within the bins, or a lack of
/// diversity within a bin.
///
/// Source: Richardson and Weiss 2018, "On GANs and GMMs" (arXiv 1805.12462); Benjamini and Hochberg 1995.
public struct BinScore: Sendable, Codable, Equatable {
    /// One bin.
    public struct Bin: Sendable, Codable, Equatable {
        /// The shares of the reference and of the samples that are in this bin.
        public var reference, samples: Double
        /// The p-value of the two-sample z-test.
        public var pValue: Double
        /// Whether the p-value is under 0.05.
        public var isDifferent: Bool
        /// Whether the bin is different with the false discovery rate over all bins limited to 0.05.
        public var isDifferentCorrected: Bool
    }

    /// The scores of held-out real data.
    public struct HeldOut: Sendable, Codable, Equatable {
        /// The number of random splits, and the number of examples held out in each.
        public var splits, size: Int
        /// The mean and the 95th percentile over the splits.
        public var ndb, ndbUpper: Double
        public var jensenShannon, jensenShannonUpper: Double
    }

    /// The bins, in descending order of their share of the reference.
    public var bins: [Bin]
    /// KL(p‖m)/2 + KL(q‖m)/2 with m = (p+q)/2, natural logarithm; from 0 to ln 2.
    public var jensenShannon: Double
    public var sampleCount, referenceCount: Int
    public var heldOut: HeldOut

    /// The share of statistically different bins: NDB / K, from 0 to 1.
    public var ndb: Double { Double(bins.count(where: \.isDifferent)) / Double(bins.count) }
    /// The same with the false discovery rate limited to 0.05.
    public var ndbCorrected: Double { Double(bins.count(where: \.isDifferentCorrected)) / Double(bins.count) }
    /// The difference between NDB / K and that of held-out real data.
    public var ndbExcess: Double { ndb - heldOut.ndb }
    /// The bins that are different and have less than a tenth of their expected share: lost modes.
    public var missing: [Int] {
        bins.indices.filter { bins[$0].isDifferentCorrected && bins[$0].samples < 0.1 * bins[$0].reference }
    }

    static let level = 0.05

    /// Compares two histograms over the same bins.
    static func bins(reference: [Int], samples: [Int]) -> [Bin] {
        let (n1, n2) = (Double(reference.reduce(0, +)), Double(samples.reduce(0, +)))
        var bins = zip(reference, samples).map { first, second in
            let (p1, p2) = (Double(first) / n1, Double(second) / n2)
            let pooled = Double(first + second) / (n1 + n2)
            let error = (pooled * (1 - pooled) * (1 / n1 + 1 / n2)).squareRoot()
            let pValue = error > 0 ? erfc(abs(p1 - p2) / error / 2.0.squareRoot()) : 1
            return Bin(
                reference: p1, samples: p2, pValue: pValue, isDifferent: pValue < level, isDifferentCorrected: false)
        }
        // Benjamini–Hochberg: find the largest k whose k-th smallest p-value is at most 0.05 k / K, and accept all up
        // to it.
        let order = bins.indices.sorted { bins[$0].pValue < bins[$1].pValue }
        let last = order.indices.last { bins[order[$0]].pValue <= level * Double($0 + 1) / Double(bins.count) }
        for index in order.prefix(last.map { $0 + 1 } ?? 0) { bins[index].isDifferentCorrected = true }
        return bins
    }

    static func jensenShannon(_ bins: [Bin]) -> Double {
        jensenShannon(bins.map(\.reference), bins.map(\.samples))
    }

    /// The Jensen–Shannon divergence of two distributions, in nats.
    public static func jensenShannon(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0) { sum, pair in
            let middle = (pair.0 + pair.1) / 2
            func part(_ p: Double) -> Double { p > 0 ? p * log(p / middle) / 2 : 0 }
            return sum + part(pair.0) + part(pair.1)
        }
    }
}

extension ReferenceBins {
    /// Scores samples, float32 `[count, dimensions]`.
    ///
    /// - Parameter splits: the number of times that real data is held out and scored in the same way.
    public func score(_ samples: Tensor, splits: Int = 20) throws(TorchError) -> BinScore {
        score(assignments: try assign(samples), splits: splits)
    }

    /// Scores samples whose bins are already known.
    public func score(assignments samples: [Int], splits: Int = 20) -> BinScore {
        let bins = BinScore.bins(reference: counts, samples: ReferenceBins.count(samples, bins: options.count))
        return BinScore(
            bins: bins, jensenShannon: BinScore.jensenShannon(bins), sampleCount: samples.count,
            referenceCount: assignments.count, heldOut: heldOut(size: samples.count, splits: splits))
    }

    /// Scores parts of the reference against the rest of it.
    private func heldOut(size: Int, splits: Int) -> BinScore.HeldOut {
        let size = max(1, min(size, assignments.count / 2))
        var generator = SplitMix64(seed: options.seed)
        var order = assignments
        var different: [Double] = []
        var divergences: [Double] = []
        let all = counts
        for _ in 0..<max(1, splits) {
            // The first elements of a partial shuffle are a random subset.
            for place in 0..<size { order.swapAt(place, Int.random(in: place..<order.count, using: &generator)) }
            let held = ReferenceBins.count(order[..<size], bins: all.count)
            let bins = BinScore.bins(reference: zip(all, held).map { $0 - $1 }, samples: held)
            different.append(Double(bins.count(where: \.isDifferent)) / Double(all.count))
            divergences.append(BinScore.jensenShannon(bins))
        }
        return BinScore.HeldOut(
            splits: different.count, size: size, ndb: mean(different), ndbUpper: quantile(different, 0.95),
            jensenShannon: mean(divergences), jensenShannonUpper: quantile(divergences, 0.95))
    }
}

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

/// The quantile of the values at the given share, rounded up to an existing value.
func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return .nan }
    return sorted[min(last, Int((share * Double(last)).rounded(.up)))]
}

/// A small random generator with the same output on every platform (Steele, Lea and Flood 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
