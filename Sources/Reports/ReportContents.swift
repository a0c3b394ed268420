import Foundation
import Measurements
import Recipes
public import Runs

/// All that a report shows of some runs, as plain values.
public struct ReportContents: Encodable {
    struct Sheet: Encodable {
        let step, epoch, images: Int
        /// A data URL of the PNG file.
        let picture: String
    }

    struct Run: Encodable {
        let name, label, state: String
        let started: String
        let steps: Int
        let facts: [[String]]
        let diagnosis: DiagnosisContents
        /// Each change of the configuration from the first run's, or the whole of it.
        let configuration: [[String]]
        let series: [String: SeriesReduction]
        let order: [String]
        let sheets: [Sheet]
    }

    let title: String
    let runs: [Run]
    /// Keys in which the runs differ, with each run's value.
    let differences: [[String]]

    /// Enough for a screen's width.
    private static let buckets = 1000

    /// - Parameter report: takes a sentence about what is left out.
    public init(_ readers: [RunReader], report: (String) -> Void = { _ in }) throws {
        runs = try readers.map { try ReportContents.run($0, report) }
        let configurations = try readers.map { try $0.configuration() }
        differences = TrainingConfiguration.keys.compactMap { key in
            let values = configurations.map { key.read($0) }
            return values.allSatisfy { $0 == values[0] } ? nil : [key.path] + values.map(\.description)
        }
        title =
            runs.count == 1 ? "\(runs[0].label.isEmpty ? runs[0].name : runs[0].label)" : "\(runs.count) runs compared"
    }

    private static func run(_ reader: RunReader, _ report: (String) -> Void) throws -> Run {
        let (metadata, configuration) = (try reader.metadata(), try reader.configuration())
        let names = try reader.seriesNames()
        let sheets = try reader.sheets().compactMap { sheet -> Sheet? in
            guard let file = reader.folder.file(relative: sheet.file), let png = try? Data(contentsOf: file) else {
                report("The sheet \(sheet.file) of \(reader.folder.name) is not there and is left out.")
                return nil
            }
            return Sheet(
                step: sheet.step, epoch: sheet.epoch, images: sheet.imagesSeen,
                picture: "data:image/png;base64,\(png.base64EncodedString())")
        }
        return Run(
            name: reader.folder.name, label: metadata.label ?? "", state: metadata.outcome.description,
            started: metadata.start.formatted(.iso8601),
            steps: try reader.lastStep() ?? 0, facts: metadata.facts,
            diagnosis: DiagnosisContents(try reader.diagnosis(), run: reader.folder.name),
            configuration: TrainingConfiguration.keys.map { [$0.path, $0.read(configuration).description] },
            series: Dictionary(
                uniqueKeysWithValues: try reader.reductions(of: names, buckets: buckets).map {
                    ($0.key.rawValue, $0.value)
                }),
            order: names.map(\.rawValue), sheets: sheets)
    }
}
