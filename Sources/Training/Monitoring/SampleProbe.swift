public import Datasets
public import Diagnostics
public import Evaluation
import Foundation
public import Images
public import Measurements
import Runs
public import Torch

/// Measures samples for the diagnosis: by pixels, which need no labels and take little time, and where there are labels also by a
/// classifier of the classes.
public final class SampleProbe {
    /// Few enough that each bin gets a dozen or so of the samples.
    static let bins = 30
    /// A bin of fewer examples says little; data of so few that there would be under three bins is not judged.
    private static let examplesOfBin = 4
    /// For points in the plane, which may have many small modes: enough that no two share a bin.
    private static let fineBins = 150

    private let evaluator: Evaluator
    /// Whether each bin is a mode, clearly apart from the others.
    private let binsAreModes: Bool
    private let classes: ClassPreparation?
    /// What stands in for a classifier where there are no labels.
    private let learned: FeaturePreparation?
    /// Why a network could not be made ready.
    private var problem: (any Error)?
    private var lastProportions: [Double]?
    private var last: (samples: Tensor, report: EvaluationReport, classes: ClassMeasurement?)?

    /// - Parameters:
    ///   - classes: what measures the classes; it may still have to be made ready.
    ///   - learned: what measures samples by learned features where there are no labels; it too.
    public init(
        _ evaluator: Evaluator, classes: ClassPreparation? = nil, learned: FeaturePreparation? = nil
    ) throws {
        self.evaluator = evaluator
        self.classes = classes
        self.learned = learned
        binsAreModes = try evaluator.mergeBinsIntoModes()
    }

    /// A probe for samples of some data; `nil` if there are too few examples to compare with.
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

    /// The values of the evaluation's series. Of samples with values that are not finite, a diversity that is none either.
    ///
    /// - Parameters:
    ///   - samples: like the data's examples, at least 32.
    ///   - more: makes further samples of the same generator, batch by batch until it gives none; asked only if there is a classifier, which knows the
    ///     shares of the classes better by them.
    ///   - seconds: how long a classifier may be made ready first, about; if that is not enough, the classes are left out.
    ///   - skipped: scores that are not wanted.
    public func measure(
        _ samples: Tensor, and more: () throws -> Tensor? = { nil }, preparingFor seconds: Double = .infinity,
        leavingOut skipped: Set<Evaluator.Score> = []
    ) throws -> [(series: SeriesName, value: Double)] {
        let isFinite = try samples.isFinite().allTrue()
        guard isFinite else { return [(.diversity, .nan)] }
        let scores: Set<Evaluator.Score> = [.bins, .diversity, .duplicates, .memorization, .neighbours]
        let report = try evaluator.evaluate(samples, scores.subtracting(skipped))
        prepare(for: seconds)
        // If further samples cannot be made, for example for lack of memory, the others have to do.
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
        if let scores = report.neighbours {
            values += [
                (.precision, scores.samples.precision), (.coverage, scores.samples.coverage),
                (.precisionHeldOut, scores.heldOut.precision), (.coverageHeldOut, scores.heldOut.coverage),
            ]
        }
        if let scores = try learned?.meter?.measure(samples) { values += SampleProbe.values(scores) }
        return values + (measurement.map(SampleProbe.values) ?? [])
    }

    /// A picture of the newest samples that shows a pattern: the repeated samples side by side, or the centres of the bins
    /// that are missing. `nil` for patterns of the losses, and for points.
    ///
    /// - Parameter record: the classes that a finding names; without it those of the newest samples count.
    public func picture(of pattern: Pattern, classes record: ClassRecord? = nil) throws -> PixelImage? {
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
            guard let missing = last.report.bins?.missing, !missing.isEmpty, let centres = try centres() else {
                return nil
            }
            return try sheet(of: missing.map(Int64.init), from: centres, columns: 8)
        case .lostClasses:
            return try (record ?? classes(at: 0)).flatMap(realExamples)
        case .badQuality:
            return try sheet(
                of: (0..<Int64(min(64, last.samples.shape[0]))).map(\.self), from: last.samples, columns: 8)
        default:
            return nil
        }
    }

    /// How the newest samples spread over the data's bins.
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

    /// The centres of the bins as pictures without gaps, in rows of ten; `nil` for points.
    func binCentres() throws -> PixelImage? {
        guard let pictures = try centres().map({ try SheetPainter.pictures($0) }) else { return nil }
        return try SampleSheet(columns: 10, padding: 0, scale: 1).compose(pictures)
    }

    /// The centres of the bins, like the newest samples; `nil` for points, and for merged bins, which have no one centre.
    private func centres() throws -> Tensor? {
        guard let last, last.samples.rank == 4, evaluator.bins.means.centres.shape[0] == evaluator.bins.options.count
        else { return nil }
        let shape = [evaluator.bins.options.count] + last.samples.shape.dropFirst()
        return try (evaluator.bins.means.centres * 2 - 1).reshaped(shape).to(.cpu)
    }

    /// Each copy beside the training example that it copies.
    private func pairs(_ copies: [Memorization.Copy], _ samples: Tensor) throws -> PixelImage {
        let made = try samples.gathering(Tensor(copies.map { Int64($0.sample) }).to(samples.device)).to(.cpu)
        let real = try evaluator.examples(Tensor(copies.map { Int64($0.example) })).to(.cpu)
        return try sheet(
            of: copies.indices.flatMap { [Int64($0), Int64(copies.count + $0)] },
            from: Tensor.concatenate([made, real]), columns: 8)
    }

    private func sheet(of indices: [Int64], from images: Tensor, columns: Int) throws -> PixelImage {
        let chosen = try images.gathering(Tensor(indices).to(images.device)).to(.cpu)
        let pictures = try SheetPainter.pictures(chosen)
        return try SampleSheet(columns: columns, scale: (pictures.first?.width ?? 64) < 64 ? 2 : 1).compose(pictures)
    }
}

// MARK: - Classes

extension SampleProbe {
    /// Whether a network is being trained by which samples will be measured.
    var isTrainingNetwork: Bool { problem == nil && (classes?.isTraining == true || learned?.isTraining == true) }

    /// Makes a network ready, for about so many seconds. That it cannot be made keeps nothing else from being measured.
    func prepare(for seconds: Double) {
        guard problem == nil else { return }
        do {
            if let classes, !classes.isSettled { try classes.advance(for: seconds) }
            if let learned, !learned.isSettled { try learned.advance(for: seconds) }
        } catch {
            problem = error
        }
    }

    /// The values of a measurement by a classifier.
    private static func values(_ measurement: ClassMeasurement) -> [(series: SeriesName, value: Double)] {
        var values: [(series: SeriesName, value: Double)] = [
            (.lostClassMass, measurement.lostMass), (.rareClassMass, measurement.shares.mass(.rare)),
            (.classSamples, Double(measurement.shares.sampleCount)),
        ]
        if let lowest = measurement.shares.lowest { values.append((.lowestClassShare, lowest)) }
        return values + (measurement.neighbours.map(SampleProbe.values) ?? [])
    }

    /// The values of a measurement in the features of a network.
    private static func values(_ scores: Compared<NeighbourScores>) -> [(series: SeriesName, value: Double)] {
        [(.precisionFeatures, scores.samples.precision), (.coverageFeatures, scores.samples.coverage)]
    }

    /// How the newest samples spread over the data's classes; `nil` without labels, and for more classes than a table can show.
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

    /// Real examples of the classes that are lost, then of the rare ones, a row each; `nil` if there are none.
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
