/// A finding of a live run, with the steps at which it opened and closed.
public struct FindingRecord: Codable, Sendable, Equatable {
    public var finding: Finding
    /// The step at which the finding was reported.
    public var openedStep: Int
    /// The step from which the finding no longer holds; `nil` while it does.
    public var closedStep: Int?

    public init(finding: Finding, openedStep: Int, closedStep: Int? = nil) {
        self.finding = finding
        self.openedStep = openedStep
        self.closedStep = closedStep
    }
}
