public import Foundation
import GRDB

/// What a list of runs shows of one.
public struct RunSummary: Sendable {
    /// The run's folder.
    public var folder: RunFolder
    /// The run's identifier: its folder's name.
    public var id: String
    /// The label that a person gave it.
    public var label: String?
    /// How it ended; `nil` for a broken run.
    public var status: RunOutcome?
    /// When it started.
    public var start: Date?
    /// How many seconds it took, or has taken so far.
    public var duration: TimeInterval?
    /// The name of its recipe.
    public var recipe: String?
    /// The run that it repeats with a remedy.
    public var parent: String?
    /// The newest step; `nil` before the first.
    public var lastStep: Int?
    /// The newest value of each per-step series.
    public var lastValues: [SeriesName: Double] = [:]
    /// The findings of the live run that are open.
    public var findings: [Finding] = []
    /// The configuration's values by their paths, as text.
    public var parameters: [String: String] = [:]
    /// The generator's loss at some steps, evenly spread.
    public var course: [Double] = []
    /// What people noted of it.
    public var annotations = RunAnnotations()
    /// Why a broken run cannot be read, as a sentence; `nil` for a sound one.
    public var problem: String?
}

extension RunSummary {
    /// The summary of a run, or of a broken one its problem.
    public init(_ folder: RunFolder) {
        self.folder = folder
        id = folder.name
        annotations = folder.readAnnotations()
        do {
            try read()
        } catch {
            problem = "\(error)"
        }
    }

    private mutating func read() throws {
        guard folder.exists else { throw RunStoreError.notARun(folder.directory) }
        let reader = RunReader(unchecked: folder)
        // The lock is looked at first: a run that ends in between then shows its true outcome.
        let isHeld = RunLock.isHeld(folder)
        let seen = try reader.read { database in
            (
                metadata: try RunWriter.metadata(database), last: try RunReader.lastValues(database),
                pauses: try RunReader.pauses(database), findings: try RunReader.findings(database),
                parameters: try RunReader.parameters(database),
                course: try RunReader.course(of: .lossGenerator, database)
            )
        }
        let metadata = seen.metadata
        label = metadata.label
        status = metadata.outcome == .running && !isHeld ? .interrupted : metadata.outcome
        start = metadata.start
        parent = metadata.parent?.text
        lastStep = seen.last.values.map(\.step).max()
        for series in SeriesName.perStep { lastValues[series] = seen.last[series]?.value }
        let lastTime = seen.last.values.map(\.wallTime).max().map { Date(timeIntervalSince1970: $0) }
        let end = status == .running ? Date() : metadata.end ?? lastTime ?? metadata.start
        duration = max(0, end.timeIntervalSince(metadata.start) - seen.pauses)
        recipe = seen.parameters["recipe"]
        parameters = seen.parameters
        findings = seen.findings.filter { $0.closedStep == nil }.map(\.finding)
        course = seen.course
    }
}

extension RunReader {
    /// The configuration as it is stored, even where this version does not know all of its keys.
    static func parameters(_ database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(database, sql: "SELECT path, value FROM configuration")
        return Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
    }

    /// A series at some steps, evenly spread: enough for a picture as small as a word.
    static func course(of series: SeriesName, _ database: Database) throws -> [Double] {
        let identifier = try Int64.fetchOne(
            database, sql: "SELECT id FROM series WHERE name = ?", arguments: [series.rawValue])
        guard let identifier,
            let first = try Int.fetchOne(
                database, sql: "SELECT MIN(step) FROM point WHERE series_id = ?", arguments: [identifier]),
            let last = try Int.fetchOne(
                database, sql: "SELECT MAX(step) FROM point WHERE series_id = ?", arguments: [identifier])
        else { return [] }
        let statement = try database.cachedStatement(
            sql: "SELECT step, value FROM point WHERE series_id = ? AND step >= ? ORDER BY step LIMIT 1")
        var values: [Double] = []
        var seen = Int.min
        for place in 0..<courseLength {
            let step = first + (last - first) * place / (courseLength - 1)
            guard step > seen, let row = try Row.fetchOne(statement, arguments: [identifier, step]) else { continue }
            seen = row[0]
            values.append(row[1] as Double? ?? .nan)
        }
        return values
    }

    private static let courseLength = 40
}
