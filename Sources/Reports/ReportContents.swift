import Diagnosis
import Foundation
public import Runs

/// All that a report shows of some runs, as plain values.
public struct ReportContents: Encodable {
    struct Sheet: Encodable {
        let step, epoch, images: Int
        /// A data URL of the PNG file.
        let picture: String
    }

    struct Problem: Encodable {
        let failure, pattern, summary: String
        let severity: Double
        let since: Int
        let evidence: [Number]
    }

    struct Number: Encodable {
        let signal: String
        let value, threshold: JSONNumber
        let from, to: Int
    }

    struct Help: Encodable {
        let title, why, source, flags: String
        let against: [Int]
    }

    struct Run: Encodable {
        let name, label, state, verdict: String
        let started: String
        let steps: Int
        let facts: [[String]]
        let findings: [Problem]
        let remedies: [Help]
        let notes: [String]
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
        differences = Configuration.keys.compactMap { key in
            let values = configurations.map { key.read($0) }
            return values.allSatisfy { $0 == values[0] } ? nil : [key.path] + values.map(\.description)
        }
        title =
            runs.count == 1 ? "\(runs[0].label.isEmpty ? runs[0].name : runs[0].label)" : "\(runs.count) runs compared"
    }

    private static func run(_ reader: RunReader, _ report: (String) -> Void) throws -> Run {
        let (metadata, configuration) = (try reader.metadata(), try reader.configuration())
        var history = History(configuration)
        for measurement in try reader.measurements() { history.append(measurement) }
        let diagnosis = Diagnosis.canJudge(history) ? Diagnosis(history) : nil
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
        var facts = [
            ["started", metadata.start.formatted(.iso8601)], ["command", metadata.commandLine.joined(separator: " ")],
            ["device", metadata.device], ["Equipoise", metadata.equipoiseVersion],
        ]
        if let parent = metadata.parent { facts.append(["repeats", parent.text]) }
        if let remedy = metadata.remedy { facts.append(["remedy", "\(remedy.title), since: \(remedy.reason)"]) }
        return Run(
            name: reader.folder.name, label: metadata.label ?? "", state: metadata.outcome.description,
            verdict: diagnosis?.verdict.rawValue ?? "not judged", started: metadata.start.formatted(.iso8601),
            steps: history.lastStep, facts: facts,
            findings: diagnosis?.findings.map { finding in
                Problem(
                    failure: finding.failure.rawValue, pattern: finding.pattern.rawValue, summary: finding.summary,
                    severity: finding.severity, since: finding.sinceStep,
                    evidence: finding.evidence.map {
                        Number(
                            signal: $0.signal, value: JSONNumber($0.value), threshold: JSONNumber($0.threshold),
                            from: $0.fromStep, to: $0.toStep)
                    })
            } ?? [],
            remedies: diagnosis?.remedies.map { remedy, findings in
                let flags = remedy.change.sorted { $0.key < $1.key }.map { "--set \($0.key)=\($0.value)" }
                return Help(
                    title: remedy.title, why: remedy.why, source: remedy.source, flags: flags.joined(separator: " "),
                    against: findings.map { $0 + 1 })
            } ?? [],
            notes: (diagnosis?.notes ?? []) + (diagnosis?.unseen ?? []),
            configuration: Configuration.keys.map { [$0.path, $0.read(configuration).description] },
            series: Dictionary(
                uniqueKeysWithValues: try names.map {
                    ($0.rawValue, SeriesReduction(try reader.points(of: $0), buckets: buckets))
                }),
            order: names.map(\.rawValue), sheets: sheets)
    }
}
