/// The result of judging a run: the verdict, what was judged, the findings, and what could not be judged.
///
/// `healthy` and `undecided` have no findings; `warning` and `failed` have at least one.
public struct Diagnosis: Sendable, Equatable, Codable {
    /// The verdict on a run.
    public enum Verdict: String, Codable, Sendable, CaseIterable {
        /// Enough is known, and the newest data crosses no threshold.
        case healthy
        /// Something may be going wrong.
        case warning
        /// The training has failed.
        case failed
        /// Too little is known; the notes state what is known, and `unseen` what is missing.
        case undecided
    }

    /// What was judged, each in a few words such as “no failure seen” or “not judged: no samples”.
    public struct Scope: Sendable, Equatable, Codable {
        /// The losses, the gradients and the discriminator's answers.
        public var losses: String
        /// Whether the samples cover the data's modes.
        public var modeCollapse: String
        /// Whether the samples look like the data.
        public var quality: String

        public init(losses: String, modeCollapse: String, quality: String) {
            self.losses = losses
            self.modeCollapse = modeCollapse
            self.quality = quality
        }

        /// One sentence each: “Losses: no failure seen.”, “Mode collapse: not judged (no samples).”
        public var sentences: [String] {
            [("Losses", losses), ("Mode collapse", modeCollapse), ("Quality", quality)].map { subject, words in
                let parts = words.split(separator: ":", maxSplits: 1).map { $0.drop { $0 == " " } }
                return parts.count == 2 ? "\(subject): \(parts[0]) (\(parts[1]))." : "\(subject): \(words)."
            }
        }

        private enum CodingKeys: String, CodingKey {
            case losses, quality
            case modeCollapse = "mode_collapse"
        }
    }

    public var verdict: Verdict
    public var judged: Scope
    /// Most severe first.
    public var findings: [Finding]
    /// Further facts, such as that the run is still improving.
    public var notes: [String]
    /// What could not be judged, and what judging it would require.
    public var unseen: [String]

    public init(verdict: Verdict, judged: Scope, findings: [Finding], notes: [String], unseen: [String]) {
        self.verdict = verdict
        self.judged = judged
        self.findings = findings
        self.notes = notes
        self.unseen = unseen
    }
}

/// A diagnosis as stored in a run.
public struct DiagnosisRecord: Sendable, Equatable, Codable {
    /// The newest step that the diagnosis covers.
    public var step: Int
    /// Whether the run had ended.
    public var isFinal: Bool
    /// The version of the rules that made the diagnosis.
    public var rules: Int
    public var diagnosis: Diagnosis

    /// The current version of the rules. Raise it whenever the rules judge the same series differently; runs that older
    /// rules judged are then judged again.
    public static let currentRules = 9

    public init(step: Int, isFinal: Bool, rules: Int = DiagnosisRecord.currentRules, diagnosis: Diagnosis) {
        self.step = step
        self.isFinal = isFinal
        self.rules = rules
        self.diagnosis = diagnosis
    }
}
