import Diagnosis
import Runs

extension Finding.Failure {
    /// In the field's words.
    var words: String {
        switch self {
        case .modeCollapse: "mode collapse"
        case .convergenceFailure: "convergence failure"
        }
    }
}

extension Remedy {
    /// The flags that make the change.
    var flags: String {
        change.sorted { $0.key < $1.key }.map { "--set \($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// What to do, with the flags that do it.
    var words: String { "\(title.prefix(1).lowercased())\(title.dropFirst())\(flags.isEmpty ? "" : ": \(flags)")" }
}

extension Finding {
    /// How sure it is, in words.
    var certainty: String {
        switch severity {
        case 0.9...: "certain"
        case 0.7..<0.9: "very likely"
        case 0.5..<0.7: "likely"
        default: "possible"
        }
    }
}

/// A diagnosis for people.
struct DiagnosisText {
    private(set) var lines: [String] = []

    init(_ diagnosis: Diagnosis, pictures: [Pattern: String] = [:], configuration: String? = nil) {
        switch diagnosis.verdict {
        case .healthy: lines.append("HEALTHY: nothing was found that is wrong.")
        case .warning: lines.append("WARNING: the training may be going wrong.")
        case .failed:
            let failures = Finding.Failure.allCases.filter { failure in
                diagnosis.findings.contains { $0.failure == failure && $0.severity >= 0.5 }
            }
            lines.append("FAILED: \(failures.map(\.words).joined(separator: " and ")).")
        }
        for (index, finding) in diagnosis.findings.enumerated() {
            lines.append("")
            lines += wrapped(
                "\(index + 1). \(finding.failure.words), \(finding.pattern.rawValue) (\(finding.certainty), severity "
                    + "\(significant(finding.severity)), since step \(finding.sinceStep))")
            lines += wrapped(finding.summary, indent: 3)
            let rows = finding.evidence.map { evidence in
                [
                    "   " + evidence.signal, significant(evidence.value),
                    (evidence.value < evidence.threshold ? "under " : "over ") + significant(evidence.threshold),
                    "steps \(evidence.fromStep) to \(evidence.toStep)",
                ]
            }
            lines += TextTable(header: ["   evidence", "value", "threshold", ""], rows: rows).lines
            if let picture = pictures[finding.pattern] { lines.append("   picture: \(picture)") }
        }
        lines += remedies(diagnosis.findings, configuration)
        for note in diagnosis.notes { lines += [""] + wrapped(note) }
        if !diagnosis.unseen.isEmpty { lines.append("") }
        for line in diagnosis.unseen { lines += wrapped(line) }
    }

    /// What helps, each remedy once, in the order of the findings that it helps against.
    private func remedies(_ findings: [Finding], _ configuration: String?) -> [String] {
        var shown: [(remedy: Remedy, findings: [Int])] = []
        for (index, finding) in findings.enumerated() {
            for remedy in finding.remedies {
                if let place = shown.firstIndex(where: { $0.remedy == remedy }) {
                    shown[place].findings.append(index + 1)
                } else {
                    shown.append((remedy, [index + 1]))
                }
            }
        }
        guard !shown.isEmpty else { return [] }
        var lines = ["", "What helps, most often first:"]
        for (remedy, against) in shown {
            let numbers = against.map(String.init).joined(separator: ", ")
            lines += wrapped(
                "– \(remedy.title) (against \(numbers)). \(remedy.why) [\(remedy.source)]", indent: 2, hanging: 4)
            if !remedy.flags.isEmpty { lines.append("    \(remedy.flags)") }
        }
        if let configuration, shown.contains(where: { !$0.remedy.flags.isEmpty }) {
            lines += ["", "To try one: equipoise train \(configuration) FLAGS"]
        }
        return lines
    }

    /// Lines of at most a hundred characters.
    private func wrapped(_ text: String, indent: Int = 0, hanging: Int? = nil) -> [String] {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + word.count > 100 {
                lines.append(line)
                line = String(repeating: " ", count: hanging ?? indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return lines + [line]
    }
}
