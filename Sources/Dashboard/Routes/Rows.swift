import Diagnostics
import Foundation
import Measurements
import Reports
import Runs

/// A run in the list.
struct RunRow: Encodable {
    let id, label, state, reason, recipe, parent: String
    let verdict, pattern, finding: String
    let problem: String?
    let start: Double?
    let duration: Double?
    let steps: Int
    let losses: [String: Double]
    /// The generator's loss over time, scaled to 0 to 100; `nil` where it is not finite.
    let course: [Int?]
    let tags: [String]
    let note: String
    let hidden: Bool
    /// The parameters that differ from the list's common ones.
    let parameters: [String: String]

    init(_ summary: RunSummary, common: [String: String]) {
        id = summary.id
        label = summary.label ?? ""
        state = summary.status?.name ?? "broken"
        reason = summary.status?.reason ?? ""
        recipe = summary.recipe ?? ""
        parent = summary.parent ?? ""
        verdict = summary.judgment?.verdict.rawValue ?? ""
        pattern = summary.judgment?.pattern ?? ""
        finding = summary.judgment?.summary ?? ""
        problem = summary.problem
        start = summary.start?.timeIntervalSince1970
        duration = summary.duration
        steps = summary.lastStep ?? 0
        losses = Dictionary(uniqueKeysWithValues: summary.lastValues.map { ($0.key.rawValue, $0.value) })
        course = RunRow.heights(summary.course)
        tags = summary.annotations.tags
        note = summary.annotations.note
        hidden = summary.annotations.isHidden
        parameters = summary.parameters.filter { common[$0.key] != $0.value }
    }
}

extension RunRow {
    private static func heights(_ values: [Double]) -> [Int?] {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return [] }
        // Halve first: the difference of two huge values may overflow.
        let range = high / 2 - low / 2
        return values.map { $0.isFinite ? Int(range > 0 ? ($0 / 2 - low / 2) / range * 100 : 50) : nil }
    }
}

/// The list of runs, or the changes in it.
struct RunList: Encodable {
    let revision: String
    /// Whether `runs` contains all runs rather than only the changed ones.
    let whole: Bool
    /// The most frequent value of each parameter, so that it is not repeated for every run.
    let common: [String: String]
    let runs: [RunRow]
    let removed: [String]

    init(_ changes: RunIndex.Changes) {
        let common = RunList.common(changes.summaries)
        revision = changes.revision
        whole = changes.isWhole
        self.common = common
        runs = changes.summaries.map { RunRow($0, common: common) }
        removed = changes.removed
    }

    private static func common(_ summaries: [RunSummary]) -> [String: String] {
        var counts: [String: [String: Int]] = [:]
        for summary in summaries {
            for (path, value) in summary.parameters { counts[path, default: [:]][value, default: 0] += 1 }
        }
        // Skip keys that runs of older versions lack, so that these runs do not appear to have a value.
        return counts.filter { $0.value.values.reduce(0, +) == summaries.count }
            .compactMapValues { values in values.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }
    }
}

/// A sheet of samples.
struct SheetRow: Encodable {
    let id: Int64
    let step, epoch, images: Int
    let time: Double

    init(_ sheet: NumberedSheet) {
        id = sheet.number
        step = sheet.record.step
        epoch = sheet.record.epoch
        images = sheet.record.imagesSeen
        time = sheet.record.wallTime
    }
}

/// The progress of a training at a step.
struct Milestone: Encodable {
    let step, epoch, images: Int
    let time: Double

    init(_ point: SeriesPoint) {
        step = point.step
        epoch = point.epoch
        images = point.imagesSeen
        time = point.wallTime
    }
}

/// A finding recorded while the run trained.
struct FindingRow: Encodable {
    let pattern, failure, summary: String
    let severity: Double
    let since, opened: Int
    let closed: Int?
    let hasImage: Bool

    init(_ record: FindingRecord, in folder: RunFolder) {
        pattern = record.finding.pattern.rawValue
        failure = record.finding.failure.rawValue
        summary = record.finding.summary
        severity = record.finding.severity
        since = record.finding.sinceStep
        opened = record.openedStep
        closed = record.closedStep
        hasImage = FileManager.default.fileExists(atPath: folder.image(of: record).path)
    }
}

/// Everything that a run's page needs before its series.
struct RunDetails: Encodable {
    let id, label, state, reason, place: String
    /// The program that trained the run; `nil` for a training of Equipoise.
    let program: String?
    let start: Double
    let end: Double?
    let steps: Int
    let facts, configuration: [[String]]
    let series: [String]
    let sheets: [SheetRow]
    let findings: [FindingRow]
    let notes: [RunNote]
    let annotations: RunAnnotations
    /// A selection of steps with their epochs, images and times.
    let milestones: [Milestone]
    let hasBins, hasConsole: Bool

    init(_ reader: RunReader) throws {
        let metadata = try reader.metadata()
        let folder = reader.folder
        id = folder.name
        label = metadata.label ?? ""
        state = metadata.outcome.name
        reason = metadata.outcome.reason
        place = try reader.place().description
        program = metadata.program?.name
        start = metadata.start.timeIntervalSince1970
        end = metadata.end?.timeIntervalSince1970
        steps = try reader.lastStep() ?? 0
        facts = metadata.facts + [["folder", folder.directory.path]]
        configuration = try reader.orderedParameters().map { [$0.name, $0.value] }
        series = try reader.seriesNames().map(\.rawValue)
        sheets = try reader.numberedSheets().map(SheetRow.init)
        findings = try reader.findings().map { FindingRow($0, in: folder) }
        notes = try reader.notes()
        annotations = folder.readAnnotations()
        milestones = try reader.milestones(200).map(Milestone.init)
        hasBins = try !reader.binSteps().isEmpty
        hasConsole = FileManager.default.fileExists(atPath: folder.console.path)
    }
}
