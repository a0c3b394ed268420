public import Datasets
public import Diagnostics
public import Evaluation
import Foundation
public import Images
public import Measurements
import Runs
public import Torch

/// Measures samples for the diagnosis: by pixels, which is fast and needs no labels, and for labeled data also with a
/// classifier of the classes.
public final class SampleProbe {
    /// Few enough that each bin receives about a dozen samples.
    static let bins = 30
    /// A bin with fewer examples says little; data too small for three such bins is not judged.
    private static let examplesOfBin = 4
    /// For points in the plane, which may have many small modes: enough that no two modes share a bin.
    private static let fineBins = 150

    private let evaluator: Evaluator
    /// Whether each bin is a mode that is clearly separate from the others.
    private let binsAreModes: Bool
    private let classes: ClassPreparation?
    /// Replaces the classifier for unlabeled data.
    private let learned: FeaturePreparation?
    /// The reason why a network could not be prepared.
    private var problem: (any Error)?
    private var lastProportions: [Double]?
    private var last: (samples: Tensor, report: EvaluationReport, classes: ClassMeasurement?)?

    /// - Parameters:
    ///   - classes: measures the classes; may still need preparation.
    ///   - learned: measures samples of unlabeled data with learned features; may also still need preparation.
    public init(
        _ evaluator: Evaluator, classes: ClassPreparation? = nil, learned: FeaturePreparation? = nil
    ) throws {
        self.evaluator = evaluator
        self.classes = classes
        self.learned = learned
        binsAreModes = try evaluator.mergeBinsIntoModes()
    }

    /// Returns a probe for samples of a dataset; `nil` if there are too few examples to compare with.
    public static func make(_ data: any Dataset, store: ReferenceStore, device: Device) throws -> SampleProbe? {
        guard data.count >= 3 * examplesOfBin else { return nil }
        func probe(_ bins: Int) throws -> SampleProbe {
            let classes = try ClassPreparation(data, store: store, device: device)
            return try SampleProbe(
                store.evaluator(
                    data, bins: ReferenceBins.Options(count: bins), features: PixelFeatures(),
                    classifier: false, limit: 2500, device: device),
                classes: classes,
                learned: classes == nil ? FeaturePreparation(data, store: store, device: device) : nil)
        }
        if data.exampleShape.count == 1, data.count >= examplesOfBin * fineBins {
            let fine = try probe(fineBins)
            if fine.binsAreModes { return fine }
        }
        return try probe(min(bins, data.count / examplesOfBin))
    }

    /// Returns the values of the evaluation's series. For samples with non-finite values, only a diversity of NaN.
    ///
    /// - Parameters:
    ///   - samples: in the shape of the data's examples, at least 32.
    ///   - more: generates further samples, batch by batch, until it returns `nil`; called only if there is a
    ///     classifier, to measure the class shares more precisely.
    ///   - seconds: the approximate time limit for preparing a classifier first; if it is not enough, the classes are
    ///     skipped.
    ///   - skipped: scores to skip.
    public func measure(
        _ samples: Tensor, and more: () throws -> Tensor? = { nil }, preparingFor seconds: Double = .infinity,
        leavingOut skipped: Set<Evaluator.Score> = []
    ) throws -> [(series: SeriesName, value: Double)] {
        let isFinite = try samples.isFinite().allTrue()
        guard isFinite else { return [(.diversity, .nan)] }
        let scores: Set<Evaluator.Score> = [.bins, .diversity, .duplicates, .memorization, .neighbors]
        let report = try evaluator.evaluate(samples, scores.subtracting(skipped))
        prepare(for: seconds)
        // If further samples cannot be generated, for example for lack of memory, use only the given ones.
        let measurement = try classes?.meter.map { try (try? $0.measure(samples, and: more)) ?? $0.measure(samples) }
        last = (samples, report, measurement)
        var values: [(series: SeriesName, value: Double)] = []
        if let bins = report.bins {
            values += [
                (.ndb, bins.ndb), (.ndbHeldOut, bins.heldOut.ndb), (.jensenShannon, bins.jensenShannon),
                (.jensenShannonHeldOut, bins.heldOut.jensenShannonUpper),
                (.missingBins, Double(bins.missing.count) / Double(bins.bins.count)),
            ]
            if binsAreModes { values.append((.missingModes, Double(bins.missing.count) / Double(bins.bins.count))) }
            let proportions = bins.bins.map(\.samples)
            if let lastProportions { values.append((.binDrift, BinScore.jensenShannon(lastProportions, proportions))) }
            lastProportions = proportions
        }
        if let diversity = report.diversity { values.append((.diversity, diversity.ratio)) }
        if let duplicates = report.duplicates { values.append((.duplicates, duplicates.share)) }
        if let memorization = report.memorization {
            values += [(.memorized, memorization.share), (.memorizedHeldOut, memorization.heldOut)]
        }
        if let scores = report.neighbors {
            values += [
                (.precision, scores.samples.precision), (.coverage, scores.samples.coverage),
                (.precisionHeldOut, scores.heldOut.precision), (.coverageHeldOut, scores.heldOut.coverage),
            ]
        }
        if let scores = try learned?.meter?.measure(samples) { values += SampleProbe.values(scores) }
        return values + (measurement.map(SampleProbe.values) ?? [])
    }

    /// Returns an image of the newest samples that illustrates a pattern, such as repeated samples side by side or the
    /// centers of missing bins; `nil` for patterns of the losses and for points.
    ///
    /// - Parameter record: the classes that a finding names; by default those of the newest samples.
    public func image(of pattern: Pattern, classes record: ClassRecord? = nil) throws -> PixelImage? {
        guard let last, last.samples.rank == 4 else { return nil }
        switch pattern {
        case .memorization:
            let copies = last.report.memorization?.copies ?? []
            return try copies.isEmpty ? nil : pairs(copies, last.samples)
        case .completeCollapse:
            let groups = last.report.duplicates?.groups ?? []
            let rows = groups.isEmpty ? [Array(0..<min(16, last.samples.shape[0]))] : groups
            return try sheet(of: rows.flatMap { row in row.map { Int64($0) } }, from: last.samples, columns: 16)
        case .partialCollapse, .driftingCollapse:
            guard let missing = last.report.bins?.missing, !missing.isEmpty, let centers = try centers() else {
                return nil
            }
            return try sheet(of: missing.map(Int64.init), from: centers, columns: 8)
        case .lostClasses:
            return try (record ?? classes(at: 0)).flatMap(realExamples)
        case .badQuality:
            return try sheet(
                of: (0..<Int64(min(64, last.samples.shape[0]))).map(\.self), from: last.samples, columns: 8)
        default:
            return nil
        }
    }

    /// Returns the distribution of the newest samples over the data's bins.
    func bins(at step: Int) -> BinRecord? {
        guard let score = last?.report.bins else { return nil }
        let missing = Set(score.missing)
        return BinRecord(
            step: step,
            bins: score.bins.enumerated().map { index, bin in
                BinRecord.Bin(
                    reference: bin.reference, samples: bin.samples, isDifferent: bin.isDifferent,
                    isMissing: missing.contains(index))
            })
    }

    /// Returns the centers of the bins as images without gaps, ten per row; `nil` for points.
    func binCenters() throws -> PixelImage? {
        guard let images = try centers().map({ try SheetPainter.images($0) }) else { return nil }
        return try SampleSheet(columns: 10, padding: 0, scale: 1).compose(images)
    }

    /// Returns the centers of the bins in the shape of the newest samples; `nil` for points and for merged bins, which
    /// have no single center.
    private func centers() throws -> Tensor? {
        guard let last, last.samples.rank == 4, evaluator.bins.means.centers.shape[0] == evaluator.bins.options.count
        else { return nil }
        let shape = [evaluator.bins.options.count] + last.samples.shape.dropFirst()
        return try (evaluator.bins.means.centers * 2 - 1).reshaped(shape).to(.cpu)
    }

    /// Shows each copy next to the training example that it copies.
    private func pairs(_ copies: [Memorization.Copy], _ samples: Tensor) throws -> PixelImage {
        let made = try samples.gathering(Tensor(copies.map { Int64($0.sample) }).to(samples.device)).to(.cpu)
        let real = try evaluator.examples(Tensor(copies.map { Int64($0.example) })).to(.cpu)
        return try sheet(
            of: copies.indices.flatMap { [Int64($0), Int64(copies.count + $0)] },
            from: Tensor.concatenate([made, real]), columns: 8)
    }

    private func sheet(of indices: [Int64], from images: Tensor, columns: Int) throws -> PixelImage {
        let chosen = try images.gathering(Tensor(indices).to(images.device)).to(.cpu)
        let tiles = try SheetPainter.images(chosen)
        return try SampleSheet(columns: columns, scale: (tiles.first?.width ?? 64) < 64 ? 2 : 1).compose(tiles)
    }
}

// MARK: - Classes

extension SampleProbe {
    /// Whether a network that will measure samples is being trained.
    var isTrainingNetwork: Bool { problem == nil && (classes?.isTraining == true || learned?.isTraining == true) }

    /// Prepares a network for about the given number of seconds. A failure does not affect other measurements.
    func prepare(for seconds: Double) {
        guard problem == nil else { return }
        do {
            if let classes, !classes.isSettled { try classes.advance(for: seconds) }
            if let learned, !learned.isSettled { try learned.advance(for: seconds) }
        } catch {
            problem = error
        }
    }

    /// Returns the values of a measurement with a classifier.
    private static func values(_ measurement: ClassMeasurement) -> [(series: SeriesName, value: Double)] {
        var values: [(series: SeriesName, value: Double)] = [
            (.lostClassMass, measurement.lostMass), (.rareClassMass, measurement.shares.mass(.rare)),
            (.classSamples, Double(measurement.shares.sampleCount)),
        ]
        if let lowest = measurement.shares.lowest { values.append((.lowestClassShare, lowest)) }
        return values + (measurement.neighbors.map(SampleProbe.values) ?? [])
    }

    /// Returns the values of a measurement with a network's features.
    private static func values(_ scores: Compared<NeighborScores>) -> [(series: SeriesName, value: Double)] {
        [(.precisionFeatures, scores.samples.precision), (.coverageFeatures, scores.samples.coverage)]
    }

    /// Returns the distribution of the newest samples over the data's classes; `nil` without labels or with more
    /// classes than a table can show.
    public func classes(at step: Int) -> ClassRecord? {
        guard let measurement = last?.classes, let names = classes?.classNames,
            measurement.shares.classes.count <= SampleProbe.mostShownClasses
        else { return nil }
        let shares = measurement.shares
        return ClassRecord(
            step: step, sampleCount: shares.sampleCount, trustedCount: shares.trustedCount,
            crudeness: shares.crudeness,
            classes: shares.classes.map { item in
                ClassRecord.Class(
                    name: names.indices.contains(item.label) ? names[item.label] : String(item.label), due: item.due,
                    relativeShare: item.relativeShare, lower: item.interval.lower, upper: item.interval.upper,
                    relativeCoverage: item.relativeCoverage, samples: item.samples,
                    status: ClassRecord.Status(rawValue: item.status.rawValue) ?? .unknown)
            })
    }

    private static let mostShownClasses = 200

    /// Shows real examples of the lost classes, then of the rare ones, one row per class; `nil` if there are none.
    private func realExamples(of record: ClassRecord) throws -> PixelImage? {
        guard let classes else { return nil }
        let missing = [ClassRecord.Status.lost, .rare].flatMap { status in
            record.classes.filter { $0.status == status }
        }
        let labels = missing.compactMap { classes.classNames.firstIndex(of: $0.name) ?? Int($0.name) }
        let rows = labels.prefix(10).map { classes.examples(of: $0, count: 8) }.filter { !$0.isEmpty }
        guard !rows.isEmpty else { return nil }
        let images = try evaluator.examples(Tensor(rows.flatMap(\.self))).to(.cpu)
        return try sheet(of: (0..<Int64(images.shape[0])).map(\.self), from: images, columns: 8)
    }
}
