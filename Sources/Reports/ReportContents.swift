import Foundation
import Measurements
public import Runs

/// Everything that a report shows about its runs, as plain values.
public struct ReportContents: Encodable {
    struct Sheet: Encodable {
        let step, epoch, images: Int
        /// A data URL of the PNG file.
        let image: String
    }

    struct Run: Encodable {
        let name, label, state: String
        let started: String
        let steps: Int
        let facts: [[String]]
        let diagnosis: DiagnosisContents
        /// The keys and values of the configuration.
        let configuration: [[String]]
        let series: [String: SeriesReduction]
        let order: [String]
        let sheets: [Sheet]
    }

    let title: String
    let runs: [Run]
    /// The keys in which the runs differ, each with the value in every run.
    let differences: [[String]]

    /// Enough for the width of a screen.
    private static let buckets = 1000

    /// - Parameter report: receives a message for each sheet that is left out.
    public init(_ readers: [RunReader], report: (String) -> Void = { _ in }) throws {
        runs = try readers.map { try ReportContents.run($0, report) }
        differences = try RunReader.differences(of: readers).map { [$0.name] + $0.values }
        title =
            runs.count == 1 ? "\(runs[0].label.isEmpty ? runs[0].name : runs[0].label)" : "\(runs.count) runs compared"
    }

    private static func run(_ reader: RunReader, _ report: (String) -> Void) throws -> Run {
        let metadata = try reader.metadata()
        let names = try reader.seriesNames()
        let sheets = try reader.sheets().compactMap { sheet -> Sheet? in
            guard let file = reader.folder.file(relative: sheet.file), let png = try? Data(contentsOf: file) else {
                report("\(reader.folder.name): \(sheet.file) is missing, so the report leaves out this sheet.")
                return nil
            }
            return Sheet(
                step: sheet.step, epoch: sheet.epoch, images: sheet.imagesSeen,
                image: "data:image/png;base64,\(png.base64EncodedString())")
        }
        return Run(
            name: reader.folder.name, label: metadata.label ?? "", state: metadata.outcome.description,
            started: metadata.start.formatted(.iso8601),
            steps: try reader.lastStep() ?? 0, facts: metadata.facts,
            diagnosis: DiagnosisContents(
                try reader.diagnosis(), run: try reader.isRepeatable() ? reader.folder.name : nil),
            configuration: try reader.orderedParameters().map { [$0.name, $0.value] },
            series: Dictionary(
                uniqueKeysWithValues: try reader.reductions(of: names, buckets: buckets).map {
                    ($0.key.rawValue, $0.value)
                }),
            order: names.map(\.rawValue), sheets: sheets)
    }
}
