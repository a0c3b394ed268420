import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Training

struct NDBCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ndb",
        abstract: "Compute the NDB score: the number of statistically different bins (Richardson and Weiss 2018).",
        discussion: """
            Examples:
              equipoise ndb latest
              equipoise ndb --samples digits.npy --reference mnist --bins 50
            """)

    @OptionGroup var source: SampleSource
    @OptionGroup var binning: FeatureOptions
    @Flag(help: "Print JSON only.") var json = false

    func run() throws {
        let console = Console(quiet: json)
        let contents = try source.load(console)
        let evaluator = try ReferenceStore { console.line($0) }.evaluator(
            contents.reference, bins: binning.options(for: contents.reference), classifier: false,
            device: contents.device)
        guard let score = try evaluator.evaluate(contents.samples, [.bins]).bins else { return }
        if json {
            try emit(try JSONText.encode(Output(score)))
            return
        }
        try emit("\(contents.summary)\nagainst \(contents.reference.summary)\n")
        let real = score.heldOut
        let rows = [
            ["NDB / K", significant(score.ndb), significant(real.ndb), significant(real.ndbUpper)],
            ["NDB / K, corrected", significant(score.ndbCorrected), "", ""],
            [
                "Jensen–Shannon", significant(score.jensenShannon), significant(real.jensenShannon),
                significant(real.jensenShannonUpper),
            ],
        ]
        try TextTable(header: ["", "samples", "real data", "95 % of real under"], rows: rows).lines.forEach {
            try emit($0)
        }
        try emit(
            "\nReal data: the mean over \(real.splits) random subsets of \(real.size) real examples each, scored against the rest."
        )
        if !score.missing.isEmpty {
            try emit(
                "\(score.missing.count) of \(score.bins.count) bins are missing: they hold less than a tenth of their share."
            )
        }
    }

    private struct Output: Encodable {
        let ndb, ndbCorrected, ndbExcess, jensenShannon: Double
        let missing: [Int]
        let detail: BinScore

        init(_ score: BinScore) {
            (ndb, ndbCorrected, ndbExcess) = (score.ndb, score.ndbCorrected, score.ndbExcess)
            jensenShannon = score.jensenShannon
            missing = score.missing
            detail = score
        }
    }
}
