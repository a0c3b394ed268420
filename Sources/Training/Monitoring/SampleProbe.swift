public import Datasets
public import Evaluation
import Foundation
public import Images
public import Runs
public import Torch

/// Measures samples for the diagnosis: by pixels alone, so that it needs no labels and takes little time.
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
    private var lastProportions: [Double]?
    private var last: (samples: Tensor, report: EvaluationReport)?

    public init(_ evaluator: Evaluator) throws {
        self.evaluator = evaluator
        binsAreModes = try evaluator.mergeBinsIntoModes()
    }

    /// A probe for samples of some data; `nil` if there are too few examples to compare with.
    public static func make(_ data: any Dataset, store: ReferenceStore, device: Device) throws -> SampleProbe? {
        guard data.count >= 3 * examplesOfBin else { return nil }
        func probe(_ bins: Int) throws -> SampleProbe {
            try SampleProbe(
                store.evaluator(
                    data, bins: ReferenceBins.Options(count: bins), features: PixelFeatures(),
                    classifier: false, limit: 2500, device: device))
        }
        if data.exampleShape.count == 1, data.count >= examplesOfBin * fineBins {
            let fine = try probe(fineBins)
            if fine.binsAreModes { return fine }
        }
        return try probe(min(bins, data.count / examplesOfBin))
    }

    /// The values of the evaluation's series. Of samples with values that are not finite, a diversity that is none either.
    ///
    /// - Parameter samples: like the data's examples, at least 32.
    public func measure(_ samples: Tensor) throws -> [(series: SeriesName, value: Double)] {
        let isFinite = try samples.isFinite().allTrue()
        guard isFinite else { return [(.diversity, .nan)] }
        let report = try evaluator.evaluate(samples, [.bins, .diversity, .duplicates, .memorization, .neighbours])
        last = (samples, report)
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
            values += [(.precision, scores.samples.precision), (.coverage, scores.samples.coverage)]
        }
        return values
    }

    /// A picture of the newest samples that shows a pattern: the repeated samples side by side, or the centres of the bins
    /// that are missing. `nil` for patterns of the losses, and for points.
    public func picture(of pattern: Runs.Pattern) throws -> PixelImage? {
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
