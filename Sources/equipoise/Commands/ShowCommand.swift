import ArgumentParser
import Diagnostics
import Foundation
import Measurements
import Recipes
import Reports
import Runs

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a run: its configuration, environment, losses, findings and files.",
        discussion: """
            Example:
              equipoise show latest
            """)

    @Argument(help: ArgumentHelp("An id, a unique prefix, a label, a path, or latest.", valueName: "run"))
    var runName = "latest"
    @OptionGroup var runs: RunsOption
    @Flag(help: "Print JSON only.") var json = false

    func run() throws {
        let reader = try runs.reader(runName)
        json ? try printJSON(reader) : try printText(reader)
    }

    private func printText(_ reader: RunReader) throws {
        let metadata = try reader.metadata()
        let summary = RunSummary(reader.folder)
        let diagnosis = try reader.diagnosis()
        let date = Date.ISO8601FormatStyle(timeZone: .current)
        var facts: [(String, String?)] = [
            ("run", metadata.id.text), ("label", metadata.label), ("state", metadata.outcome.description),
            ("started", metadata.start.formatted(date)), ("ended", metadata.end?.formatted(date)),
            ("duration", summary.duration.map(duration)), ("steps", summary.lastStep.map(String.init)),
            ("verdict", diagnosis.headline),
            ("program", metadata.program?.name),
            ("command", metadata.commandLine.isEmpty ? nil : metadata.commandLine.joined(separator: " ")),
            ("retry of", metadata.parent?.text), ("remedy", metadata.remedy.map(words)),
            ("host", "\(metadata.hostName), \(metadata.operatingSystem)"),
            ("processor", "\(metadata.processor), \(metadata.processorCount) cores"),
            ("device", metadata.device.isEmpty ? nil : metadata.device), ("versions", metadata.versions),
            ("commit", metadata.gitCommit.map { $0 + (metadata.gitDirty == true ? ", uncommitted changes" : "") }),
            ("folder", reader.folder.directory.path),
        ]
        facts += try reader.sheets().last.map { [("sheet", $0.file)] } ?? []
        facts += try reader.checkpoints().last.map { [("checkpoint", $0.folder)] } ?? []
        for case (let name, let value?) in facts {
            try emit(name.padding(toLength: 12, withPad: " ", startingAt: 0) + value)
        }

        let settings = try reader.settingsText()
        if !settings.isEmpty { try emit(metadata.program == nil ? "\nconfiguration" : "\nparameters") }
        try settings.split(separator: "\n").forEach { try emit("  \($0)") }

        let means = try EpochTable(reader)
        if !means.rows.isEmpty, metadata.program == nil {
            try emit("\nmean losses per epoch")
            try means.lines.forEach { try emit("  \($0)") }
        }
        let findings = try reader.findings()
        if !findings.isEmpty { try emit("\nfindings during training") }
        for record in findings {
            let end = record.closedStep.map { " to \($0)" } ?? ""
            try emit("  from step \(record.openedStep)\(end): \(record.finding.summary)")
        }
        for note in try reader.notes() { try emit("\(note.kind): \(note.message)") }
    }

    private func words(_ remedy: AppliedRemedy) -> String {
        let start = remedy.fromStep.map { "from step \($0)" } ?? "from the start"
        let changes = remedy.change.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        return "\(remedy.title), \(start) (\(changes.joined(separator: ", "))), since: \(remedy.reason)"
    }

    private func printJSON(_ reader: RunReader) throws {
        struct Contents: Encodable {
            let metadata: RunMetadata
            let configuration: TrainingConfiguration?
            let parameters: [String: String]?
            let lastStep: Int?
            let lastValues: [String: JSONNumber]
            let sheets: [SheetRecord]
            let checkpoints: [CheckpointRecord]
            let findings: [FindingRecord]
            let notes: [RunNote]
            let diagnosis: Diagnosis
        }
        let last = try reader.lastValues()
        let metadata = try reader.metadata()
        let isForeign = metadata.program != nil
        try emit(
            try JSONText.encode(
                Contents(
                    metadata: metadata, configuration: isForeign ? nil : reader.configuration(),
                    parameters: isForeign ? reader.parameters() : nil, lastStep: reader.lastStep(),
                    lastValues: Dictionary(
                        uniqueKeysWithValues: last.map { ($0.key.rawValue, JSONNumber($0.value.value)) }),
                    sheets: reader.sheets(), checkpoints: reader.checkpoints(), findings: reader.findings(),
                    notes: reader.notes(), diagnosis: reader.diagnosis())))
    }
}

/// The losses' means of each epoch; of a long run the first and the last few.
struct EpochTable {
    let rows: [[String]]

    init(_ reader: RunReader) throws {
        let series = SeriesName.losses
        let means = try series.map { try reader.epochMeans(of: $0) }
        let all = means[0].indices.map { index in
            [String(means[0][index].epoch)]
                + means.map { $0.indices.contains(index) ? threeDecimals($0[index].mean) : "" }
        }
        rows = all.count <= 24 ? all : Array(all.prefix(4)) + [["…", "", "", ""]] + Array(all.suffix(16))
    }

    var lines: [String] { TextTable(header: ["epoch", "generator", "real", "fake"], rows: rows).lines }
}
