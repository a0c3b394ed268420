import Foundation

/// How samples are distributed over the classes of labeled data: which classes they have lost and which are rare.
///
/// Counting a classifier's predictions is misleading on generated images: it takes a crude 4 or 7 for a 9, so
/// look-alikes hide a lost class. Correcting the counts for the classifier's confusion (Saerens et al. 2002; Lipton et
/// al. 2018, arXiv 1802.03916) overcorrects crude images, which are confused differently from real ones. So only
/// trusted samples count. A sample is trusted if it is inside the data's support and the nearest real image has the
/// class that the classifier predicts. It is inside the support if it is closer to some real image than that image's
/// fifth real neighbor, in the classifier's features and among images that the classifier was not trained on
/// (Kynkäänniemi et al. 2019, arXiv 1904.06991). The share of each class among the trusted samples is compared with its
/// share among the trusted held-out real images.
///
/// In crude samples, the classifier trusts some classes more often than others, so this share alone would report
/// classes as lost that are only badly drawn. Trusted samples of a badly drawn class are spread among the class's real
/// images, whereas samples that are mistaken for a lost class lie at its edge. So the cruder the samples, the more
/// weight coverage has: the share of a class's real images that have a sample predicted as that class closer than their
/// fifth real neighbor. For the crudest samples, the geometric mean of both shares decides.
///
/// Detects lost and rare classes. Does not detect a lack of diversity within a class, and hardly detects the loss of a
/// class that another one resembles in crude images. If the samples cover almost no real images, no class is judged.
public struct ClassShares: Sendable, Codable, Equatable {
    /// The verdict on a class.
    public enum Status: String, Sendable, Codable, CaseIterable {
        case present
        /// The samples have less than a third of the expected share.
        case rare
        /// The samples have less than a tenth of the expected share, or none.
        case lost
        /// There are too few trusted samples to decide.
        case unknown
    }

    /// One class.
    public struct Class: Sendable, Codable, Equatable {
        /// The class's index in label order.
        public var label: Int
        /// The class's share of the data.
        public var due: Double
        /// The class's share of the trusted samples, relative to its share of the trusted held-out images; 1 is ideal.
        public var relativeShare: Double
        /// The 95 % confidence interval of the relative share.
        public var interval: ShareInterval
        /// The relative share that the class would have if it were lost, because other classes are mistaken for it.
        public var leak: Double
        /// The share of the class's real images that samples cover, relative to that of all classes together.
        public var relativeCoverage: Double
        /// The value that determines the status: the relative share, or for the crudest samples its geometric mean with
        /// the relative coverage.
        public var presence: Double
        /// The number of trusted samples of this class.
        public var samples: Int
        public var status: Status
    }

    /// The classes in label order, without those that have no examples in the data.
    public var classes: [Class]
    /// The numbers of all samples and of trusted samples.
    public var sampleCount, trustedCount: Int
    /// The share of samples inside the data's support.
    public var inside: Double
    /// 0 if the samples are as close to the data as held-out real images, up to 1 for the crudest samples.
    public var crudeness: Double

    /// A class of fine samples is lost if the interval of its portion (the relative share corrected for the leak)
    /// includes values up to a tenth, and rare if it includes values up to a third.
    static let lostLine = 0.1
    static let rareLine = 1.0 / 3
    /// The presence up to which a class of crude samples is lost, because look-alikes take its place. There is no
    /// separate line for rare classes.
    static let crudeLine = 0.2
    /// The limits for the upper end of the interval, which rule out chance: for a lost class and for a rare one.
    static let lostUpper = 0.4
    static let rareUpper = 0.6

    /// A class cannot be judged if its leak exceeds this value.
    static let mostLeak = 0.5

    /// Samples are crude up to the first quality and fine from the second one on.
    static let crudeQuality = 0.6
    static let fineQuality = 0.9

    /// No class is judged if, in every class, samples cover less than this share of what real images would cover.
    static let leastCoverage = 0.06

    /// The probability that a class of crude samples is lost: ½ at `evenPresence`, falling with this power of the
    /// presence. Fitted to training runs with known ground truth; see `Documentation/diagnosis.md`.
    static let evenPresence = 0.22
    static let presencePower = 3.0

    static func lostProbability(presence: Double) -> Double { 1 / (1 + pow(presence / evenPresence, presencePower)) }

    /// Returns the status of a class according to the lines above, independently of other classes. For crude samples,
    /// lost and rare have the same line and differ only in their upper limit.
    ///
    /// - Parameters:
    ///   - presence: see ``Class/presence``.
    ///   - relative: the class's relative share.
    ///   - interval: the 95 % confidence interval of `relative`.
    ///   - leak: see ``Class/leak``.
    ///   - upperOfNone: the upper end of the interval for a class without samples.
    ///   - crudeness: see ``ClassShares/crudeness``.
    static func status(
        presence: Double, relative: Double, interval: ShareInterval, leak: Double, upperOfNone: Double,
        crudeness: Double
    ) -> Status {
        guard leak <= mostLeak else { return .unknown }
        // The portion of the expected share, without the leak from other classes.
        func portion(_ share: Double) -> Double { (share - leak) / (1 - leak) }
        func interpolated(fine: Double, crude: Double) -> Double { fine + crudeness * (crude - fine) }
        let lowest = presence - interpolated(fine: relative - portion(interval.lower), crude: 0)
        let highest = interpolated(fine: portion(interval.upper), crude: interval.upper)
        if lowest <= interpolated(fine: lostLine, crude: crudeLine), highest <= lostUpper { return .lost }
        if lowest <= interpolated(fine: rareLine, crude: crudeLine), highest <= rareUpper { return .rare }
        // The class counts as present only if its absence would have been detectable.
        return upperOfNone <= lostUpper ? .present : .unknown
    }

    private static func presence(_ share: Double, _ coverage: Double, crudeness: Double) -> Double {
        pow(share, 1 - crudeness / 2) * pow(coverage, crudeness / 2)
    }

    /// The share of the data that belongs to classes with this status.
    public func mass(_ status: Status) -> Double {
        classes.reduce(0) { $0 + ($1.status == status ? $1.due : 0) }
    }

    /// The share of the data that the samples have lost. For fine samples, this is the total share of the lost classes;
    /// for crude samples, each lost or rare class counts with its probability of being lost.
    public var lostMass: Double {
        guard classes.contains(where: { $0.status == .lost }) else { return 0 }
        return classes.filter { $0.status == .lost || $0.status == .rare }.reduce(0) { mass, item in
            let certain = item.status == .lost ? 1.0 : 0
            let likely = ClassShares.lostProbability(presence: item.presence)
            return mass + item.due * (certain + crudeness * (likely - certain))
        }
    }

    /// The lowest presence among the classes that can be judged; `nil` if none can.
    public var lowest: Double? { classes.filter { $0.status != .unknown }.map(\.presence).min() }

    /// - Parameters:
    ///   - samples: the class of each trusted sample; `nil` for the others.
    ///   - heldOut: the same for held-out real examples, along with their true classes.
    ///   - covered: whether each held-out example has a sample of its class nearby.
    ///   - due: the share of each class in the data.
    ///   - inside: the share of samples inside the data's support.
    init(
        samples: [Int?], heldOut: [(answer: Int?, truth: Int)], covered: [Bool], due: [Double], inside: Double
    ) {
        var counts = [Int](repeating: 0, count: due.count)
        for case let label? in samples { counts[label] += 1 }
        let trusted = counts.reduce(0, +)
        var expected = [Double](repeating: 0, count: due.count)
        var leaked = expected
        // The held-out examples are drawn at random, so they have the data's proportions.
        for case (let answer?, let truth) in heldOut {
            expected[answer] += 1
            if answer != truth { leaked[answer] += 1 }
        }
        let all = max(1, expected.reduce(0, +))
        let coverage = ClassCoverage(covered, of: heldOut.map(\.truth), samples: samples.count, due: due)
        let trustedShare = Double(trusted) / Double(max(1, samples.count))
        let quality = min(trustedShare * Double(max(1, heldOut.count)) / all, coverage.quality)
        let (crude, fine) = (ClassShares.crudeQuality, ClassShares.fineQuality)
        let crudeness = min(1, max(0, (fine - quality) / (fine - crude)))
        classes = due.indices.filter { due[$0] > 0 }.map { label in
            let share = expected[label] / all
            guard share > 0 else {
                return Class(
                    label: label, due: due[label], relativeShare: 1, interval: ShareInterval(count: 0, of: 0), leak: 0,
                    relativeCoverage: 1, presence: 1, samples: counts[label], status: .unknown)
            }
            let relative = Double(counts[label]) / Double(max(1, trusted)) / share
            var interval = ShareInterval(count: counts[label], of: trusted)
            interval = ShareInterval(lower: interval.lower / share, upper: interval.upper / share)
            let leak = leaked[label] / expected[label]
            let presence = ClassShares.presence(
                // Count at least half a sample, so that coverage still has an effect.
                max(relative, 0.5 / Double(max(1, trusted)) / share), coverage.relative[label], crudeness: crudeness)
            let status = ClassShares.status(
                presence: presence, relative: relative, interval: interval, leak: leak,
                upperOfNone: ShareInterval(count: 0, of: trusted).upper / share, crudeness: crudeness)
            return Class(
                label: label, due: due[label], relativeShare: relative, interval: interval, leak: leak,
                relativeCoverage: coverage.relative[label], presence: presence, samples: counts[label],
                status: coverage.highest < ClassShares.leastCoverage ? .unknown : status)
        }
        (sampleCount, trustedCount, self.inside) = (samples.count, trusted, inside)
        self.crudeness = crudeness
        markRareClassesBesideLostOnes()
    }

    /// Crude samples that have lost one class are more likely to lack others, so the remaining classes are judged rare
    /// by the line for fine samples.
    private mutating func markRareClassesBesideLostOnes() {
        guard classes.contains(where: { $0.status == .lost }) else { return }
        for (place, item) in classes.enumerated() where item.status == .present && item.presence <= ClassShares.rareLine
        {
            let upper = ClassShares.presence(item.interval.upper, item.relativeCoverage, crudeness: crudeness)
            if upper <= ClassShares.rareUpper { classes[place].status = .rare }
        }
    }
}

/// The share of each class's real images that samples cover.
private struct ClassCoverage {
    /// The coverage of each class relative to that of all classes together, by label.
    let relative: [Double]
    /// The mean coverage of the better-covered half of the classes, relative to what as many real images would cover.
    /// The other half is ignored because it may be lost.
    let quality: Double
    /// The highest coverage of a class, on the same scale.
    let highest: Double

    init(_ covered: [Bool], of labels: [Int], samples: Int, due: [Double]) {
        var (hits, counts) = ([Double](repeating: 0, count: due.count), [Double](repeating: 0, count: due.count))
        for (label, isCovered) in zip(labels, covered) {
            counts[label] += 1
            hits[label] += isCovered ? 1 : 0
        }
        let shares = zip(hits, counts).map { $0 / max(1, $1) }
        let mean = max(0.5, hits.reduce(0, +)) / max(1, counts.reduce(0, +))
        // Each ball contains five of N real images, so another one falls into it with a probability of 5/N.
        let real = 1 - exp(-Double(DataSupport.neighbors * samples) / Double(max(1, labels.count)))
        let known = due.indices.filter { counts[$0] > 0 }.map { shares[$0] }.sorted(by: >)
        let half = known.prefix((known.count + 1) / 2)
        // Count at least half an image, so that the relative share still has an effect.
        relative = zip(hits, counts).map { max($0, 0.5) / max(1, $1) / mean }
        quality = half.reduce(0, +) / Double(max(1, half.count)) / max(1e-9, real)
        highest = (known.first ?? 0) / max(1e-9, real)
    }
}

extension ShareInterval {
    init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }
}
