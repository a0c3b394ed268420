public import Diagnostics
import Foundation
import GRDB

extension RunReader {
    /// The diagnosis that the run stored, if it still holds: made by the present rules, and final if the training has ended.
    ///
    /// `nil` in a run of an older version and in one whose program was killed.
    public func storedDiagnosis() throws -> Diagnosis? {
        // The lock is looked at first, as in `metadata()`.
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
        // One that cannot be read is judged anew.
        return document.flatMap { try? JSONDecoder().decode(DiagnosisRecord.self, from: Data($0.utf8)).diagnosis }
    }

    /// What a list shows of the stored diagnosis. Read by SQLite, since of the document little is needed here.
    static func diagnosisSummary(_ database: Database, isRunning: Bool) throws -> RunSummary.Judgement? {
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
        return RunSummary.Judgement(verdict: verdict, pattern: row[1] ?? "", summary: row[2] ?? row[3] ?? "")
    }
}
