/// A run of the zoo that was called failed, and the same with the first remedy of its diagnosis.
public struct ZooRetry: Encodable {
    /// The remedy's title.
    public let remedy: String
    public let before, after: ZooOutcome

    public init(remedy: String, before: ZooOutcome, after: ZooOutcome) {
        self.remedy = remedy
        self.before = before
        self.after = after
    }

    /// Whether the diagnosis is content now.
    public var isHealed: Bool { !after.isCalled }
    /// Whether the truth is.
    public var isTrulyHealed: Bool { !after.isFailed }
}
