public import Diagnostics
public import Foundation
import GRDB
public import Measurements

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
    /// What its diagnosis says; `nil` for a broken run.
    public var judgement: Judgement?

    /// What a list says of a diagnosis.
    public struct Judgement: Sendable, Codable, Equatable {
        public var verdict: Diagnosis.Verdict
        /// The most severe finding's pattern; empty if there is none.
        public var pattern: String
        /// The most severe finding's sentence, or what else is known.
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
    /// Whether it comes before another one in a list: the newest first, broken ones last.
    public func isNewer(than other: RunSummary) -> Bool {
        (start ?? .distantPast, id) > (other.start ?? .distantPast, other.id)
    }

    /// A summary that says nothing yet.
    init(empty folder: RunFolder) {
        self.folder = folder
        id = folder.name
    }

    /// The summary of a run, or of a broken one its problem.
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
        // The lock is looked at first: a run that ends in between then shows its true outcome.
        let isHeld = RunLock.isHeld(folder)
        let seen = try reader.read { database in
            (
                metadata: try RunWriter.metadata(database), last: try RunReader.lastValues(database),
                pauses: try RunReader.pauses(database),
                judgement: try RunReader.diagnosisSummary(
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
        recipe = seen.parameters["recipe"]
        parameters = seen.parameters
        // A run that cannot be judged, such as one with keys of another version, is listed all the same.
        judgement = seen.judgement ?? (try? reader.diagnosis()).map(Judgement.init)
        course = seen.course
    }
}

extension RunReader {
    /// The configuration's values by their paths, as they are stored.
    public func parameters() throws -> [String: String] { try read(RunReader.parameters) }

    /// The configuration as it is stored, even where this version does not know all of its keys.
    static func parameters(_ database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT CAST(path AS TEXT), CAST(value AS TEXT) FROM configuration WHERE path IS NOT NULL")
        return Dictionary(rows.map { ($0[0], $0[1] ?? "") }) { first, _ in first }
    }

    /// A series at some steps, evenly spread: enough for a picture as small as a word.
    static func course(of series: SeriesName, _ database: Database) throws -> [Double] {
        let ends = try Row.fetchOne(
            database,
            sql: """
                SELECT id, (SELECT MIN(step) FROM point WHERE series_id = id), (SELECT MAX(step) FROM point WHERE series_id = id)
                FROM series WHERE name = ?
                """,
            arguments: [series.rawValue])
        guard let ends else { return [] }
        // The places come as JSON, since SQLite makes a table of its own for a recursive query, at three times the cost.
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
            // Of a short series some steps come twice.
            guard row[0] as Int? != seen else { continue }
            seen = row[0]
            values.append(row[1] as Double? ?? .nan)
        }
        return values
    }

    /// How far along a course's steps lie, as JSON: forty of them, from 0 to 1.
    private static let coursePlaces = "\((0..<40).map { Double($0) / 39 })".databaseValue
}
