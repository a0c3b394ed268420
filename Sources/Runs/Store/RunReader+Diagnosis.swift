public import Diagnostics
import Foundation
import GRDB

extension RunReader {
    /// Returns the diagnosis stored by the run if it is still valid: made with the current rules, and final if training
    /// has ended.
    ///
    /// Returns `nil` for a run of an older version and for one whose process was killed.
    public func storedDiagnosis() throws -> Diagnosis? {
        // Check the lock first, as in `metadata()`.
        let isHeld = RunLock.isHeld(folder)
        return try read { database in
            let isRunning = try isHeld && RunWriter.metadata(database).outcome == .running
            return try RunReader.storedDiagnosis(database, isRunning: isRunning)
        }
    }

    private static func storedDiagnosis(_ database: Database, isRunning: Bool) throws -> Diagnosis? {
        guard try database.tableExists("diagnosis") else { return nil }
        let document = try String.fetchOne(
            database, sql: "SELECT CAST(document AS TEXT) FROM diagnosis WHERE rules = ? AND is_final >= ?",
            arguments: [DiagnosisRecord.currentRules, isRunning ? 0 : 1])
        // A diagnosis that cannot be decoded is recomputed.
        return document.flatMap { try? JSONDecoder().decode(DiagnosisRecord.self, from: Data($0.utf8)).diagnosis }
    }

    /// Returns the stored diagnosis summarized for lists. SQLite extracts the values, since only a small part of the
    /// document is needed.
    static func diagnosisSummary(_ database: Database, isRunning: Bool) throws -> RunSummary.Judgment? {
        guard try database.tableExists("diagnosis") else { return nil }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT CAST(json_extract(document, '$.diagnosis.verdict') AS TEXT),
                    CAST(json_extract(document, '$.diagnosis.findings[0].pattern') AS TEXT),
                    CAST(json_extract(document, '$.diagnosis.findings[0].summary') AS TEXT),
                    CAST(json_extract(document, '$.diagnosis.notes[0]') AS TEXT)
                FROM diagnosis WHERE rules = ? AND is_final >= ? AND json_valid(document)
                """,
            arguments: [DiagnosisRecord.currentRules, isRunning ? 0 : 1])
        guard let row, let verdict = (row[0] as String?).flatMap(Diagnosis.Verdict.init) else { return nil }
        return RunSummary.Judgment(verdict: verdict, pattern: row[1] ?? "", summary: row[2] ?? row[3] ?? "")
    }
}
