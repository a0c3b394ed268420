import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Sessions
import Torch
import Training

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Score the quality and diversity of samples, beside held-out real data.",
        discussion: """
            Examples:
              equipoise evaluate latest
              equipoise evaluate --samples images/ --reference mnist --json
            """)

    @OptionGroup var source: SampleSource
    @OptionGroup var binning: FeatureOptions
    @Option(
        help:
            "Features that distances are computed in: classifier, pixels, or a TorchScript file. Default: classifier if there are labels."
    )
    var features: String?
    @Flag(help: "Print JSON only.") var json = false

    func run() throws {
        let console = Console(quiet: json)
        let contents = try source.load(console)
        let chosen: (any FeatureExtractor)?
        switch features {
        case nil, "classifier": chosen = nil
        case "pixels": chosen = PixelFeatures()
        case let path?:
            let url = URL(fileURLWithPath: path)
            chosen = ScriptFeatures(
                try ScriptModule(contentsOf: url, device: contents.device), name: url.lastPathComponent)
        }
        let evaluation = try SampleEvaluation(
            of: contents.samples, against: contents.reference, bins: binning.options(for: contents.reference),
            features: chosen, store: ReferenceStore { console.line($0) }, device: contents.device)
        if features == "classifier", evaluation.featureName != "classifier" {
            throw CommandError("--features classifier needs labels, which \(contents.reference.summary) do not have.")
        }
        if json {
            try emit(try JSONText.encode(evaluation.report))
            return
        }
        try emit("\(contents.summary)\nagainst \(contents.reference.summary)\n")
        try EvaluationTable(evaluation.report, classNames: evaluation.classNames).lines.forEach { try emit($0) }
    }
}

/// A report as a table: each score of the samples, that of held-out real data, and which way is better.
struct EvaluationTable {
    let lines: [String]

    init(_ report: EvaluationReport, classNames: [String] = []) {
        var rows: [[String]] = []
        func row(_ name: String, _ samples: Double, _ real: String, _ hint: String) {
            rows.append([name, significant(samples), real, hint])
        }
        if let bins = report.bins {
            let real = bins.heldOut
            row(
                "NDB / \(bins.bins.count)", bins.ndb, "\(significant(real.ndb)), under \(significant(real.ndbUpper))",
                "lower; excess \(significant(bins.ndbExcess))")
            row("  corrected for \(bins.bins.count) tests", bins.ndbCorrected, "0", "lower")
            row(
                "Jensen–Shannon", bins.jensenShannon,
                "\(significant(real.jensenShannon)), under \(significant(real.jensenShannonUpper))", "lower")
            row("missing bins", Double(bins.missing.count), "0", "lower: lost modes")
        }
        if let diversity = report.diversity {
            row("diversity (mean distance)", diversity.samples, significant(diversity.reference), "as real data")
        }
        if let similarity = report.similarity {
            row(
                "MS-SSIM of pairs", similarity.samples, significant(similarity.reference),
                "as real data; higher is alike")
        }
        if let duplicates = report.duplicates {
            row("near-duplicates, share", duplicates.share, "0.01 by definition", "as real data")
            rows.append([
                "  support, about",
                duplicates.estimatedSupport.map(significant) ?? "over \(duplicates.count * duplicates.count / 2)",
                "", "higher",
            ])
        }
        if let memorization = report.memorization {
            row(
                "copies of training examples, share", memorization.share, significant(memorization.heldOut),
                "as real data; higher is memorized")
        }
        if let scores = report.neighbors {
            for (name, path, hint) in [
                ("precision", \NeighborScores.precision, "higher: quality"), ("density", \.density, "higher: quality"),
                ("recall", \.recall, "higher: modes"), ("coverage", \.coverage, "higher: modes"),
            ] {
                row(name, scores.samples[keyPath: path], significant(scores.heldOut[keyPath: path]), hint)
            }
        }
        if let distance = report.frechet {
            row(
                "Fréchet distance", distance.samples, significant(distance.heldOut),
                "lower; biased, so only against this")
        }
        if report.frechet == nil, report.kernel != nil {
            rows.append(["Fréchet distance", "not measured", "", "too many features: over 4096"])
        }
        if let distance = report.kernel {
            row(
                "kernel distance", distance.samples.value,
                "\(significant(distance.heldOut.value)) ± \(significant(distance.heldOut.standardError))",
                "lower; unbiased")
        }
        if let modes = report.modes {
            row("classes with samples", Double(modes.modes), String(modes.shares.count), "all")
            row("  reverse KL of their shares", modes.reverseKL, "0", "lower")
            row("  classifier's confidence", modes.confidence, "near 1", "higher: quality")
        }
        if let classes = report.classes {
            for (status, name) in [(ClassShares.Status.lost, "lost classes"), (.rare, "rare classes")] {
                let found = classes.shares.classes.filter { $0.status == status }
                let names = found.map { classNames.indices.contains($0.label) ? classNames[$0.label] : "\($0.label)" }
                let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
                row(name, Double(found.count), "0", found.isEmpty ? "none" : "none; here \(shown)")
            }
            row("  expected lost share of the data", classes.lostMass, "0", "lower: lost modes")
        }
        if let mixture = report.mixture {
            row("modes reached", Double(mixture.modes), String(mixture.modeCount), "all")
            row("  high-quality share", mixture.highQuality, "0.99", "higher: quality")
            row("  reverse KL of their shares", mixture.reverseKL, "0", "lower")
        }
        var notes = ["Bins, diversity and near-duplicates by \(report.pixels), distances by \(report.features)."]
        if let bins = report.bins, bins.heldOut.size < report.sampleCount {
            notes.append(
                "Real data's bins are those of \(bins.heldOut.size) examples, the most that the reference allows.")
        }
        lines = TextTable(header: ["score", "samples", "real data", "better"], rows: rows).lines + [""] + notes
    }
}

/// Three significant digits.
func significant(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
    return String(format: (100..<1e6).contains(abs(value)) ? "%.0f" : "%.3g", value)
}
