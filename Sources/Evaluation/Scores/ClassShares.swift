import Foundation

/// How samples spread over the classes of labelled data: which classes they have lost, and which are rare among them.
///
/// Counting what a classifier answers misleads on generated images: a crude 4 or 7 is taken for a 9, so that look-alikes fill the place
/// of a lost class. Correcting the counts for the classifier's confusion (Saerens et al. 2002; Lipton et al. 2018, arXiv 1802.03916)
/// over-corrects crude images, whose confusion is not that of real ones. So only those samples count that can be trusted:
/// they lie inside the data's support (nearer to some real image than that image's fifth real neighbor, in the classifier's features,
/// among images that it was not trained on; Kynkäänniemi et al. 2019, arXiv 1904.06991), and the class of the
/// nearest real image is also the classifier's answer. The share of each class among them is compared with the same share of
/// real images that were held out.
///
/// Of crude images the classifier trusts those of one class more than those of another, so that this share alone would call classes lost that
/// are only badly drawn. What it trusts of a badly drawn class lies spread among the class's real images; what it mistakes for a lost
/// class lies at its edge. So the cruder the samples, the more counts which share of a class's real images they cover (a sample
/// of that answer is nearer than the fifth real neighbor), up to the geometric mean of both shares.
///
/// It sees lost and rare classes. It does not see likeness within a class, and hardly a class that another one resembles
/// in crude images. No class is judged if the samples cover almost no real images.
public struct ClassShares: Sendable, Codable, Equatable {
    /// What is said of a class.
    public enum Status: String, Sendable, Codable, CaseIterable {
        case present
        /// The samples have less than a third of what they should.
        case rare
        /// They have less than a tenth of what they should, or nothing.
        case lost
        /// There are too few samples that can be trusted to tell.
        case unknown
    }

    /// One class.
    public struct Class: Sendable, Codable, Equatable {
        /// Its place in the order of labels.
        public var label: Int
        /// Its share of the data.
        public var due: Double
        /// Its share among the samples that can be trusted, in proportion to that of held-out real images; 1 is as it should be.
        public var relativeShare: Double
        /// What the relative share lies in, in 95 of 100 cases.
        public var interval: ShareInterval
        /// The relative share that it would show if the samples had none of it, because others resemble it.
        public var leak: Double
        /// The share of its real images that samples cover, in proportion to that of all classes together.
        public var relativeCoverage: Double
        /// What its status is decided by: the relative share, or of crude samples the geometric mean of it and the relative coverage.
        public var presence: Double
        /// How many of the samples that can be trusted.
        public var samples: Int
        public var status: Status
    }

    /// In the order of labels, without those that the data has no example of.
    public var classes: [Class]
    /// How many samples there are, and how many of them can be trusted.
    public var sampleCount, trustedCount: Int
    /// The share of samples inside the data's support.
    public var inside: Double
    /// 0 for samples that come as near to the data as held-out real images, up to 1 for crude ones.
    public var crudeness: Double

    /// A class of fine samples is lost if the interval of its portion (its relative share without the leak) includes values up to a tenth, and rare if
    /// it includes values up to a third.
    static let lostLine = 0.1
    static let rareLine = 1.0 / 3
    /// Of crude samples a class is lost up to this presence: look-alikes fill its place. By itself none is rare.
    static let crudeLine = 0.2
    /// What the upper end of the interval must stay under, so that chance explains nothing: for a lost class, and for a rare one.
    static let lostUpper = 0.4
    static let rareUpper = 0.6

    /// A class that others fill by more than this cannot be judged.
    static let mostLeak = 0.5

    /// Up to this quality samples are crude, and from the other on fine.
    static let crudeQuality = 0.6
    static let fineQuality = 0.9

    /// If samples cover less than this share of what real images would, in every class, no class is judged.
    static let leastCoverage = 0.06

    /// The probability that a class of crude samples is lost is one half at `evenPresence` and falls with this power of the presence. Fitted to
    /// trainings whose truth is known, see `Documentation/diagnosis.md`.
    static let evenPresence = 0.22
    static let presencePower = 3.0

    static func lostProbability(presence: Double) -> Double { 1 / (1 + pow(presence / evenPresence, presencePower)) }

    /// The status of a class, by the lines above, whatever the others are. In crude samples it can be lost, but not rare.
    ///
    /// - Parameters:
    ///   - presence: see ``Class/presence``.
    ///   - relative: its relative share.
    ///   - interval: the 95 % interval of `relative`.
    ///   - leak: see ``Class/leak``.
    ///   - upperOfNone: the upper end of the interval if it had no samples.
    ///   - crudeness: see ``ClassShares/crudeness``.
    static func status(
        presence: Double, relative: Double, interval: ShareInterval, leak: Double, upperOfNone: Double,
        crudeness: Double
    ) -> Status {
        guard leak <= mostLeak else { return .unknown }
        // Of the due share, without what other classes leak.
        func portion(_ share: Double) -> Double { (share - leak) / (1 - leak) }
        func interpolated(fine: Double, crude: Double) -> Double { fine + crudeness * (crude - fine) }
        let lowest = presence - interpolated(fine: relative - portion(interval.lower), crude: 0)
        let highest = interpolated(fine: portion(interval.upper), crude: interval.upper)
        if lowest <= interpolated(fine: lostLine, crude: crudeLine), highest <= lostUpper { return .lost }
        if lowest <= interpolated(fine: rareLine, crude: crudeLine), highest <= rareUpper { return .rare }
        // Had there been none of it, could that have been told?
        return upperOfNone <= lostUpper ? .present : .unknown
    }

    private static func presence(_ share: Double, _ coverage: Double, crudeness: Double) -> Double {
        pow(share, 1 - crudeness / 2) * pow(coverage, crudeness / 2)
    }

    /// The share of the data that belongs to classes of a status.
    public func mass(_ status: Status) -> Double {
        classes.reduce(0) { $0 + ($1.status == status ? $1.due : 0) }
    }

    /// The share of the data that the samples have lost: that of the lost classes, and of crude samples the expected one, by the probability of
    /// each lost or rare class.
    public var lostMass: Double {
        guard classes.contains(where: { $0.status == .lost }) else { return 0 }
        return classes.filter { $0.status == .lost || $0.status == .rare }.reduce(0) { mass, item in
            let certain = item.status == .lost ? 1.0 : 0
            let likely = ClassShares.lostProbability(presence: item.presence)
            return mass + item.due * (certain + crudeness * (likely - certain))
        }
    }

    /// The lowest presence of a class of which something can be said; `nil` if nothing can.
    public var lowest: Double? { classes.filter { $0.status != .unknown }.map(\.presence).min() }

    /// - Parameters:
    ///   - samples: the class of each sample that can be trusted; `nil` for the others.
    ///   - heldOut: the same of held-out real examples, with their true classes.
    ///   - covered: whether a sample of its class is near each held-out example.
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
        // The held-out examples are drawn at random, so that their proportions are the data's.
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
                // At least half a sample, so that the coverage can still speak for the class.
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

    /// Crude samples that have lost a class are more likely to lack others too, so their classes are called rare by the line for fine samples.
    private mutating func markRareClassesBesideLostOnes() {
        guard classes.contains(where: { $0.status == .lost }) else { return }
        for (place, item) in classes.enumerated() where item.status == .present && item.presence <= ClassShares.rareLine
        {
            let upper = ClassShares.presence(item.interval.upper, item.relativeCoverage, crudeness: crudeness)
            if upper <= ClassShares.rareUpper { classes[place].status = .rare }
        }
    }
}

/// Which shares of the real images of each class samples cover.
private struct ClassCoverage {
    /// In proportion to the share of all classes together, by label.
    let relative: [Double]
    /// The mean of the better covered half of the classes, in proportion to what as many real images would cover: the other half may be lost.
    let quality: Double
    /// The highest of a class, in the same proportion.
    let highest: Double

    init(_ covered: [Bool], of labels: [Int], samples: Int, due: [Double]) {
        var (hits, counts) = ([Double](repeating: 0, count: due.count), [Double](repeating: 0, count: due.count))
        for (label, isCovered) in zip(labels, covered) {
            counts[label] += 1
            hits[label] += isCovered ? 1 : 0
        }
        let shares = zip(hits, counts).map { $0 / max(1, $1) }
        let mean = max(0.5, hits.reduce(0, +)) / max(1, counts.reduce(0, +))
        // Each ball holds five of N real images, so that one more falls into it with a probability of 5/N.
        let real = 1 - exp(-Double(DataSupport.neighbors * samples) / Double(max(1, labels.count)))
        let known = due.indices.filter { counts[$0] > 0 }.map { shares[$0] }.sorted(by: >)
        let half = known.prefix((known.count + 1) / 2)
        // At least half an image, so that the other share can still speak for the class.
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
