import Diagnostics

extension Remedy {
    /// The flags that apply the change.
    var flags: String {
        change.sorted { $0.key < $1.key }.map { "--set \($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// The settings that the change consists of, one per line, for users of another program.
    var settings: [String] { change.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" } }

    /// The title with the flags that apply the change.
    var words: String { "\(title.prefix(1).lowercased())\(title.dropFirst())\(flags.isEmpty ? "" : ": \(flags)")" }
}

extension String {
    /// The text with its first letter capitalized.
    var firstUppercased: String { prefix(1).uppercased() + dropFirst() }
}

/// A diagnosis as text.
struct DiagnosisText {
    private(set) var lines: [String] = []
    private let unit: String

    /// - Parameters:
    ///   - run: the argument that names the run for `retry`; `nil` for another program's training.
    ///   - unit: what a step is: `step`, `epoch`, `row` or `kimg`.
    init(_ diagnosis: Diagnosis, images: [Pattern: String] = [:], run: String? = nil, unit: String = "step") {
        self.unit = unit
        lines.append(diagnosis.headline)
        lines += wrapped(diagnosis.judged.sentences.joined(separator: " "))
        for (index, finding) in diagnosis.findings.enumerated() {
            let hasSteps = finding.evidence.contains { $0.toStep > 0 }
            lines.append("")
            lines += wrapped(
                "\(index + 1). \(finding.failure.words), \(finding.pattern.rawValue) (\(finding.certainty), severity "
                    + significant(finding.severity) + (hasSteps ? ", since \(place(finding.sinceStep)))" : ")"))
            lines += wrapped(finding.summary, indent: 3)
            let rows = finding.evidence.map { evidence in
                [
                    "   " + evidence.signal, significant(evidence.value),
                    (evidence.value < evidence.threshold ? "under " : "over ") + significant(evidence.threshold),
                    // Evidence from samples alone has no steps.
                    evidence.toStep > 0 ? places(evidence.fromStep, evidence.toStep) : "",
                ]
            }
            lines += TextTable(header: ["   evidence", "value", "threshold", ""], rows: rows).lines
            if let image = images[finding.pattern] { lines.append("   image: \(image)") }
        }
        lines += remedies(diagnosis, run)
        for note in diagnosis.notes { lines += [""] + wrapped(note) }
        if !diagnosis.unseen.isEmpty { lines.append("") }
        for line in diagnosis.unseen { lines += wrapped(line) }
    }

    private func place(_ step: Int) -> String { History.place(step, unit: unit) }

    private func places(_ first: Int, _ last: Int) -> String {
        unit == "kimg" ? "\(first) to \(last) kimg" : "\(unit)s \(first) to \(last)"
    }

    /// The number of remedies printed in full; the others are listed by title.
    private static let toldInFull = 6

    /// The remedies, numbered where `retry` can apply them.
    private func remedies(_ diagnosis: Diagnosis, _ run: String?) -> [String] {
        let remedies = diagnosis.remedies
        guard !remedies.isEmpty else { return [] }
        var lines = ["", "Remedies, most promising first:"]
        var number = 0
        var others: [String] = []
        for (position, (remedy, findings)) in remedies.enumerated() {
            let against = findings.map { String($0 + 1) }.joined(separator: ", ")
            // Remedies that `retry` cannot apply have no number: those of another program's training, and advice without a change.
            let isRetriable = run != nil && !remedy.change.isEmpty
            if isRetriable { number += 1 }
            let mark = !isRetriable ? "–" : "\(number))"
            guard position < DiagnosisText.toldInFull else {
                others.append("\(mark) \(remedy.title)")
                continue
            }
            lines += wrapped(
                "\(mark) \(remedy.title) (against \(against)). \(remedy.why) [\(remedy.source)]", indent: 2, hanging: 5)
            if isRetriable {
                lines.append("     \(remedy.flags)")
            } else {
                lines += remedy.settings.map { "     \($0)" }
            }
        }
        if !others.isEmpty { lines += wrapped("Also: \(others.joined(separator: "; "))", indent: 2, hanging: 5) }
        if let run, number > 0 {
            let others = number > 2 ? "--remedy 2 to \(number)" : "--remedy 2"
            lines += ["", "To try the first: equipoise retry \(run)"]
            if number > 1 { lines.append("(\(others) for \(number > 2 ? "the others" : "the other").)") }
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
