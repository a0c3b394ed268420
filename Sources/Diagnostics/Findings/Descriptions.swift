extension Finding.Failure {
    /// The usual name: “mode collapse” or “convergence failure”.
    public var words: String {
        switch self {
        case .modeCollapse: "mode collapse"
        case .convergenceFailure: "convergence failure"
        }
    }
}

extension Finding: CustomStringConvertible {
    /// One line: the kind of failure, since when it holds, and what shows it.
    public var description: String { "\(failure.words) since step \(sinceStep): \(summary)" }

    /// The certainty of the finding, in words.
    public var certainty: String {
        switch severity {
        case 0.9...: "certain"
        case 0.7..<0.9: "very likely"
        case 0.5..<0.7: "likely"
        default: "possible"
        }
    }
}

extension Remedy: CustomStringConvertible {
    /// One line: what to do, and why it helps.
    public var description: String { "\(title). \(why)" }
}

extension Diagnosis: CustomStringConvertible {
    /// The verdict and the findings, one per line.
    public var description: String { ([headline] + findings.map(\.description)).joined(separator: "\n") }

    /// The verdict in one line.
    public var headline: String {
        switch verdict {
        case .healthy:
            guard judged.modeCollapse.hasPrefix("not judged") else { return "HEALTHY: no problems found." }
            return judged.quality.hasPrefix("not judged")
                ? "HEALTHY, judging by the losses alone: no problems found."
                : "HEALTHY, judging by the logged scores: no problems found."
        case .warning: return "WARNING: the training may be going wrong."
        case .undecided: return "UNDECIDED: too little is known for a verdict."
        case .failed:
            let failures = Finding.Failure.allCases.filter { failure in
                findings.contains { $0.failure == failure && $0.isFailure }
            }
            return "FAILED: \(failures.map(\.words).joined(separator: " and "))."
        }
    }
}
