/// A run of the zoo with the verdict failed, and its retry with the first remedy.
public struct ZooRetry: Encodable {
    /// The remedy's title.
    public let remedy: String
    public let before, after: ZooOutcome

    public init(remedy: String, before: ZooOutcome, after: ZooOutcome) {
        self.remedy = remedy
        self.before = before
        self.after = after
    }

    /// Whether the retry no longer has the verdict failed.
    public var isHealed: Bool { !after.isCalled }
    /// Whether the retry is truly sound.
    public var isTrulyHealed: Bool { !after.isFailed }
}
