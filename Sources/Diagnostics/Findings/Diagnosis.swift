/// What is known of a training: the verdict, what it rests on, what was found, and what could not be judged.
///
/// `healthy` and `undecided` have no findings; `warning` and `failed` have at least one.
public struct Diagnosis: Sendable, Equatable, Codable {
    /// What a diagnosis amounts to.
    public enum Verdict: String, Codable, Sendable, CaseIterable {
        /// Enough is known, and the newest of it breaks no threshold.
        case healthy
        /// Something may be going wrong.
        case warning
        /// The training has failed.
        case failed
        /// Too little is known; the notes say what is known, and `unseen` what is missing.
        case undecided
    }

    /// What was judged, each as a few words such as “no failure seen” or “not judged: no samples”.
    public struct Scope: Sendable, Equatable, Codable {
        /// The losses, gradients and answers of the discriminator.
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

        /// A sentence each: “Losses: no failure seen.”, “Mode collapse: not judged (no samples).”
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
    /// What else is known, such as that the training still improves.
    public var notes: [String]
    /// What could not be judged, and what that needs.
    public var unseen: [String]

    public init(verdict: Verdict, judged: Scope, findings: [Finding], notes: [String], unseen: [String]) {
        self.verdict = verdict
        self.judged = judged
        self.findings = findings
        self.notes = notes
        self.unseen = unseen
    }
}

/// A diagnosis as a run stores it.
public struct DiagnosisRecord: Sendable, Equatable, Codable {
    /// The newest step that the diagnosis knows of.
    public var step: Int
    /// Whether the training had ended.
    public var isFinal: Bool
    /// The version of the rules that made it.
    public var rules: Int
    public var diagnosis: Diagnosis

    /// The version of the rules, to be raised whenever they come to say something else of the same series: what older rules
    /// said of a run is then judged anew.
    public static let currentRules = 8

    public init(step: Int, isFinal: Bool, rules: Int = DiagnosisRecord.currentRules, diagnosis: Diagnosis) {
        self.step = step
        self.isFinal = isFinal
        self.rules = rules
        self.diagnosis = diagnosis
    }
}
