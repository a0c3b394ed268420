import Diagnostics
import Foundation
import Measurements
import Recipes
import Reports
import Testing

@testable import Dashboard
@testable import Runs

/// Everybody who tells the verdict of a run tells the same.
@Suite struct OneJudgeTests {
    enum Case: String, CaseIterable { case healthy, collapsed, tooShort, notFinite, live, interrupted, old }

    private static let good: [SeriesName: Double] = [
        .jensenShannon: 0.04, .jensenShannonHeldOut: 0.011, .binDrift: 0.03, .missingBins: 0.03, .diversity: 0.97,
        .duplicates: 0, .memorized: 0.02, .memorizedHeldOut: 0.05, .precision: 0.6, .coverage: 0.45,
    ]

    private func measurements(_ kind: Case) -> [StepRecord] {
        (1...(kind == .tooShort ? 3 : 1000)).map { step in
            // Losses that never change are a failure of their own.
            let wobble = 1 + 0.03 * sin(Double(step) * 1.7)
            let isWon = [.live, .interrupted, .old].contains(kind)
            var values: [(series: SeriesName, value: Double)] = [
                (.lossGenerator, wobble * (isWon ? 12 : kind == .notFinite && step == 700 ? .nan : 0.9)),
                (.lossDiscriminatorReal, wobble * (isWon ? 1e-5 : 0.6)),
                (.lossDiscriminatorFake, wobble * (isWon ? 1e-5 : 0.6)),
            ]
            // Where the losses fail there are no samples that could say something else.
            if step % 250 == 0, !isWon {
                values += Self.good.map { ($0, kind == .collapsed && $0 == .diversity ? 0.05 : $1) }
            }
            return StepRecord(
                step: step, epoch: 1, imagesSeen: step * 10, wallTime: 1_700_000_000 + Double(step), values: values)
        }
    }

    /// A run as the monitor's recorder writes it, and the verdict that it is to have.
    private func write(_ kind: Case, in site: Site) throws -> (writer: RunWriter, verdict: Diagnosis.Verdict) {
        let configuration = TrainingConfiguration()
        let writer = try RunWriter.create(
            in: site.runs, configuration: configuration,
            metadata: .captured(
                label: kind.rawValue, device: "CPU", threads: 1, equipoiseVersion: "1", torchVersion: "2",
                commandLine: ["x"]))
        var history = History(configuration)
        for measurement in measurements(kind) {
            writer.record(measurement)
            history.append(measurement)
        }
        let isLive = kind == .live || kind == .interrupted
        let state = isLive ? Diagnosis.State.running(isAlarmed: false) : .ended
        if kind != .old {
            writer.record(
                DiagnosisRecord(
                    step: history.lastStep, isFinal: !isLive, diagnosis: Diagnosis(history, state: state)))
        }
        if isLive { try writer.flush() } else { try writer.finish(.finished) }
        switch kind {
        case .healthy: return (writer, .healthy)
        case .collapsed, .notFinite, .old, .interrupted: return (writer, .failed)
        case .tooShort: return (writer, .undecided)
        case .live: return (writer, .warning)
        }
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// As JSON, in which NaN equals itself.
    private func text(_ diagnosis: Diagnosis) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(diagnosis), as: UTF8.self)
    }

    @Test(arguments: Case.allCases) func allSayTheSame(_ kind: Case) async throws {
        let site = try await Site.open()
        var (writer, verdict): (RunWriter?, Diagnosis.Verdict) = try write(kind, in: site)
        let folder = try #require(writer?.folder)
        // Its program is gone.
        if kind == .interrupted { writer = nil }
        let reader = try RunReader(folder)
        // A commit that was under way may hold the writer for a moment more.
        while kind == .interrupted, try reader.status() == .running { try await Task.sleep(for: .milliseconds(10)) }
        let diagnosis = try reader.diagnosis()
        #expect(diagnosis.verdict == verdict, "\(diagnosis)")
        #expect(try (reader.storedDiagnosis() == nil) == [.interrupted, .old].contains(kind))
        // Read anew from the series it is the same.
        let state = kind == .live ? Diagnosis.State.running(isAlarmed: false) : .ended
        let anew = try Diagnosis(History(reading: reader), state: state)
        #expect(try text(anew) == text(diagnosis))

        let pattern = diagnosis.findings.first?.pattern.rawValue ?? ""
        let judgment = try #require(RunSummary(folder).judgment)
        #expect(judgment == RunSummary.Judgment(diagnosis))
        let list = try #require(try await json(site.ask("GET", "/api/runs").body)["runs"] as? [[String: Any]])
        #expect(list.map { $0["verdict"] as? String } == [verdict.rawValue])
        #expect(list.map { $0["pattern"] as? String } == [pattern])
        let page = try await json(site.ask("GET", "/api/runs/\(folder.name)/diagnosis").body)
        #expect(page["verdict"] as? String == verdict.rawValue)
        #expect((page["findings"] as? [[String: Any]])?.first?["pattern"] as? String ?? "" == pattern)
        let report = try json(String(decoding: JSONEncoder().encode(ReportContents([reader])), as: UTF8.self))
        let reported = (report["runs"] as? [[String: Any]])?.first?["diagnosis"] as? [String: Any]
        #expect(reported?["verdict"] as? String == verdict.rawValue)
        #expect(reported?["judged"] as? [String] == diagnosis.judged.sentences)
        withExtendedLifetime(writer) {}
    }

    /// What other rules said is judged anew.
    @Test func aDiagnosisOfOtherRulesDoesNotCount() async throws {
        let site = try await Site.open()
        let (writer, _) = try write(.old, in: site)
        let stale = try RunWriter.reopen(writer.folder) { 1000 }
        var diagnosis = try RunReader(writer.folder).diagnosis()
        diagnosis.verdict = .healthy
        diagnosis.findings = []
        stale.record(DiagnosisRecord(step: 1000, isFinal: true, rules: 0, diagnosis: diagnosis))
        try stale.finish(.finished)
        #expect(try RunReader(writer.folder).storedDiagnosis() == nil)
        #expect(try RunReader(writer.folder).diagnosis().verdict == .failed)
    }
}
