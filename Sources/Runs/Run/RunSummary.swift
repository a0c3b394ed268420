public import Diagnostics
public import Foundation
import GRDB
public import Measurements

/// A summary of one run, for lists of runs.
public struct RunSummary: Sendable {
    /// The run's folder.
    public var folder: RunFolder
    /// The run's identifier, which is the name of its folder.
    public var id: String
    /// The label given by the user.
    public var label: String?
    /// The outcome; `nil` for a broken run.
    public var status: RunOutcome?
    /// When it started.
    public var start: Date?
    /// The duration so far or in total, in seconds.
    public var duration: TimeInterval?
    /// The name of the recipe or, for a run of another program, of that program.
    public var recipe: String?
    /// The run that this one repeats with a remedy.
    public var parent: String?
    /// The newest step; `nil` before the first.
    public var lastStep: Int?
    /// The newest value of each per-step series.
    public var lastValues: [SeriesName: Double] = [:]
    /// The summarized diagnosis; `nil` for a broken run.
    public var judgment: Judgment?

    /// A diagnosis summarized for lists.
    public struct Judgment: Sendable, Codable, Equatable {
        public var verdict: Diagnosis.Verdict
        /// The pattern of the most severe finding; empty if there is none.
        public var pattern: String
        /// The summary of the most severe finding, or else the first note.
        public var summary: String

        public init(verdict: Diagnosis.Verdict, pattern: String, summary: String) {
            self.verdict = verdict
            self.pattern = pattern
            self.summary = summary
        }

        public init(_ diagnosis: Diagnosis) {
            let worst = diagnosis.findings.first
            self.init(
                verdict: diagnosis.verdict, pattern: worst?.pattern.rawValue ?? "",
                summary: worst?.summary ?? diagnosis.notes.first ?? "")
        }
    }

    /// The configuration values as text, by path.
    public var parameters: [String: String] = [:]
    /// The generator's loss at evenly spaced steps.
    public var course: [Double] = []
    /// The user annotations of the run.
    public var annotations = RunAnnotations()
    /// The reason why a broken run cannot be read; `nil` for an intact run.
    public var problem: String?
}

extension RunSummary {
    /// Whether this run precedes another one in a list: newest first, broken runs last.
    public func isNewer(than other: RunSummary) -> Bool {
        (start ?? .distantPast, id) > (other.start ?? .distantPast, other.id)
    }

    /// Creates an empty summary.
    init(empty folder: RunFolder) {
        self.folder = folder
        id = folder.name
    }

    /// Reads the summary of a run, or the problem if the run is broken.
    public init(_ folder: RunFolder) {
        self.init(empty: folder)
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
        // Check the lock first, so that a run that ends in between shows its true outcome.
        let isHeld = RunLock.isHeld(folder)
        let seen = try reader.read { database in
            (
                metadata: try RunWriter.metadata(database), last: try RunReader.lastValues(database),
                pauses: try RunReader.pauses(database),
                judgment: try RunReader.diagnosisSummary(
                    database, isRunning: isHeld && RunWriter.metadata(database).outcome == .running),
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
        recipe = metadata.program?.name ?? seen.parameters["recipe"]
        parameters = seen.parameters
        // List a run even if it cannot be judged, for example because it has configuration keys of another version.
        judgment = seen.judgment ?? (try? reader.diagnosis()).map(Judgment.init)
        course = seen.course
    }
}

extension RunReader {
    /// Reads a series at evenly spaced steps: enough for a word-sized sparkline.
    static func course(of series: SeriesName, _ database: Database) throws -> [Double] {
        let ends = try Row.fetchOne(
            database,
            sql: """
                SELECT id, (SELECT MIN(step) FROM point WHERE series_id = id), (SELECT MAX(step) FROM point WHERE series_id = id)
                FROM series WHERE name = ?
                """,
            arguments: [series.rawValue])
        guard let ends else { return [] }
        // Pass the positions as JSON, since a recursive query would make SQLite build a temporary table, at three times
        // the cost.
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT CAST(step AS INTEGER), CAST(point.value AS REAL)
                FROM json_each(?4) AS place CROSS JOIN point ON series_id = ?1 AND step =
                    (SELECT MIN(step) FROM point WHERE series_id = ?1 AND step >= ?2 + (?3 - ?2) * place.value)
                """,
            arguments: StatementArguments([ends[0], ends[1], ends[2], coursePlaces] as [DatabaseValue]))
        var values: [Double] = []
        var seen: Int?
        while let row = try rows.next() {
            // In a short series, the same step can occur repeatedly.
            guard row[0] as Int? != seen else { continue }
            seen = row[0]
            values.append(row[1] as Double? ?? .nan)
        }
        return values
    }

    /// The relative positions of the steps, as JSON: forty values from 0 to 1.
    private static let coursePlaces = "\((0..<40).map { Double($0) / 39 })".databaseValue
}
