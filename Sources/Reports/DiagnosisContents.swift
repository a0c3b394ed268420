public import Diagnostics
import Foundation
import Measurements

/// A diagnosis as plain values for a web page.
public struct DiagnosisContents: Encodable, Sendable {
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
        let title, why, source: String
        /// The flags that apply the remedy to another run, and the command that retries this run with it.
        let flags, command: String
        /// The numbers of the findings that it addresses, counted from 1.
        let against: [Int]
    }

    /// `healthy`, `warning`, `failed` or `undecided`.
    public let verdict: String
    /// What was judged and on what data, one sentence each.
    let judged: [String]
    let findings: [Problem]
    let remedies: [Help]
    let notes: [String]

    /// - Parameter run: the run's name as used on the command line, with any flags; `nil` if only its own program can retry it.
    public init(_ diagnosis: Diagnosis, run: String?) {
        verdict = diagnosis.verdict.rawValue
        judged = diagnosis.judged.sentences
        findings = diagnosis.findings.map { finding in
            Problem(
                failure: finding.failure.rawValue, pattern: finding.pattern.rawValue, summary: finding.summary,
                severity: finding.severity, since: finding.sinceStep,
                evidence: finding.evidence.map {
                    Number(
                        signal: $0.signal, value: JSONNumber($0.value), threshold: JSONNumber($0.threshold),
                        from: $0.fromStep, to: $0.toStep)
                })
        }
        var number = 0
        remedies = diagnosis.remedies.map { remedy, findings in
            if !remedy.change.isEmpty { number += 1 }
            let flags = remedy.change.sorted { $0.key < $1.key }.map { "--set \($0.key)=\($0.value)" }
            let command = run.map { "equipoise retry \($0)" + (number > 1 ? " --remedy \(number)" : "") } ?? ""
            return Help(
                title: remedy.title, why: remedy.why, source: remedy.source, flags: flags.joined(separator: " "),
                command: flags.isEmpty ? "" : command,
                against: findings.map { $0 + 1 })
        }
        notes = diagnosis.notes + diagnosis.unseen
    }
}
