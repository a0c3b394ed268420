/// A finding of a live run: when it opened, and when it closed.
public struct FindingRecord: Codable, Sendable, Equatable {
    public var finding: Finding
    /// The step at which it was called.
    public var openedStep: Int
    /// The step from which it holds no longer; `nil` while it does.
    public var closedStep: Int?

    public init(finding: Finding, openedStep: Int, closedStep: Int? = nil) {
        self.finding = finding
        self.openedStep = openedStep
        self.closedStep = closedStep
    }
}
