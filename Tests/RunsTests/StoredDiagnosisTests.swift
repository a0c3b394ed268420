import Diagnostics
import Foundation
import Measurements
import TestSupport
import Testing

@testable import Runs

@Suite struct StoredDiagnosisTests {
    let runs: TemporaryFolder

    init() throws { runs = try TemporaryFolder() }

    private func diagnosis(_ verdict: Diagnosis.Verdict, note: String = "") -> Diagnosis {
        let isFound = verdict == .warning || verdict == .failed
        let finding = Finding(
            failure: .modeCollapse, pattern: .partialCollapse, severity: 0.8, sinceStep: 3,
            summary: "Modes are missing.",
            evidence: [Evidence(signal: "x", value: .infinity, threshold: 1, fromStep: 1, toStep: 3)])
        return Diagnosis(
            verdict: verdict, judged: .init(losses: "a", modeCollapse: "b", quality: "c: d"),
            findings: isFound ? [finding] : [], notes: note.isEmpty ? [] : [note], unseen: ["e"])
    }

    /// The newest stands; one of a live run holds while it runs, and a final one when it is over.
    @Test func theNewestHolds() throws {
        let writer = try RunWriter.sample(in: runs)
        let reader = try RunReader(writer.folder)
        #expect(try reader.storedDiagnosis() == nil && RunSummary(writer.folder).judgment?.verdict == .undecided)
        writer.record(DiagnosisRecord(step: 1, isFinal: false, diagnosis: diagnosis(.undecided, note: "Three steps.")))
        writer.record(.losses(2, 1))
        writer.record(DiagnosisRecord(step: 2, isFinal: false, diagnosis: diagnosis(.warning)))
        try writer.flush()
        #expect(try reader.storedDiagnosis() == diagnosis(.warning))
        #expect(try reader.points(of: .lossGenerator).count == 1)
        writer.record(DiagnosisRecord(step: 3, isFinal: true, diagnosis: diagnosis(.failed)))
        try writer.finish(.finished)
        #expect(try reader.storedDiagnosis() == diagnosis(.failed))
        let judgment = RunSummary.Judgment(
            verdict: .failed, pattern: "partial-collapse", summary: "Modes are missing.")
        #expect(RunSummary(writer.folder).judgment == judgment)
        // What goes on is judged anew.
        let again = try RunWriter.reopen(writer.folder) { 2 }
        #expect(try reader.storedDiagnosis() == nil)
        again.record(DiagnosisRecord(step: 2, isFinal: false, diagnosis: diagnosis(.undecided, note: "Two steps.")))
        try again.finish(.stopped)
        // It was not made at the end, so the run is judged anew.
        #expect(try reader.storedDiagnosis() == nil)
        let judged = try #require(RunSummary(writer.folder).judgment)
        #expect(judged.verdict == .undecided && judged.pattern.isEmpty && judged.summary != "Two steps.")
    }

    @Test func whatOtherRulesSaidDoesNotHold() throws {
        let writer = try RunWriter.sample(in: runs)
        writer.record(
            DiagnosisRecord(
                step: 1, isFinal: true, rules: DiagnosisRecord.currentRules + 1, diagnosis: diagnosis(.healthy)))
        try writer.finish(.finished)
        #expect(try RunReader(writer.folder).storedDiagnosis() == nil)
    }

    @Test func whatWasJudgedIsSaidInSentences() {
        let scope = Diagnosis.Scope(
            losses: "no failure seen", modeCollapse: "not judged: no samples", quality: "failure seen: bad-quality")
        #expect(
            scope.sentences == [
                "Losses: no failure seen.", "Mode collapse: not judged (no samples).",
                "Quality: failure seen (bad-quality).",
            ])
    }
}
