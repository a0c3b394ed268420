/// Follows the findings of a run that is judged again and again: which open, which become failures, and which close.
public struct FindingTracker: Sendable {
    /// A finding that currently holds.
    private struct Open {
        var record: FindingRecord
        /// The number of consecutive judgments without the finding.
        var absences = 0
        /// The last step at which training was healthy, as far as is known. It keeps its value from when the finding
        /// opened, even if the dates of the finding move.
        let onset: Int
    }

    /// A change in the findings.
    public struct News: Sendable {
        public let record: FindingRecord
        /// Whether the finding has just opened.
        public let isNew: Bool
    }

    private var open: [Pattern: Open] = [:]

    /// The number of consecutive judgments without a pattern after which its finding closes.
    private static let absencesToClose = 5

    public init() {}

    /// Continues with the findings that a run has recorded.
    public mutating func restore(_ records: [FindingRecord]) {
        for record in records where record.closedStep == nil {
            open[record.finding.pattern] = Open(record: record, onset: record.finding.earliestOnset)
        }
    }

    /// The records of the open findings.
    public var records: [FindingRecord] {
        open.values.map(\.record).sorted { $0.finding.severity > $1.finding.severity }
    }

    /// The steps before which training was healthy, one per open finding; warnings are included since they may become
    /// failures.
    public var onsets: [Int] { open.values.map(\.onset) }

    /// The step before which training was healthy, before the oldest open failure; `nil` if there is none.
    public var onsetOfFailure: Int? {
        open.values.filter { $0.record.finding.isFailure }.map(\.onset).min()
    }

    /// Updates the findings with a new diagnosis.
    ///
    /// - Parameters:
    ///   - step: the newest step that the diagnosis covers.
    ///   - earliestOnset: the step before which an earlier judgment would have found a new finding.
    /// - Returns: the findings that opened, became failures, or closed.
    public mutating func receive(_ diagnosis: Diagnosis, at step: Int, earliestOnset: Int) -> [News] {
        let found = Dictionary(diagnosis.findings.map { ($0.pattern, $0) }) { first, _ in first }
        var news: [News] = []
        for (pattern, finding) in found.sorted(by: { $0.value.severity > $1.value.severity }) {
            if let known = open[pattern] {
                let record = FindingRecord(finding: finding, openedStep: known.record.openedStep)
                open[pattern] = Open(record: record, onset: known.onset)
                // A warning that has become a failure is reported again.
                if !known.record.finding.isFailure, finding.isFailure {
                    news.append(News(record: record, isNew: false))
                }
            } else {
                let record = FindingRecord(finding: finding, openedStep: step)
                // A slow change is dated back to its quiet start, but not beyond the point at which an earlier judgment
                // would have found it.
                open[pattern] = Open(record: record, onset: max(finding.earliestOnset, earliestOnset))
                news.append(News(record: record, isNew: true))
            }
        }
        for (pattern, known) in open where found[pattern] == nil {
            guard known.absences + 1 >= FindingTracker.absencesToClose else {
                open[pattern]?.absences += 1
                continue
            }
            open[pattern] = nil
            news.append(News(record: known.record.closed(at: step), isNew: false))
        }
        return news
    }

    /// The findings at the end of a run: those of its final diagnosis, and those that have disappeared since they were
    /// last seen.
    public func concluded(_ diagnosis: Diagnosis, at step: Int) -> [News] {
        let found = diagnosis.findings.map { finding in
            let known = open[finding.pattern]?.record.openedStep
            return News(record: FindingRecord(finding: finding, openedStep: known ?? step), isNew: known == nil)
        }
        let patterns = Set(diagnosis.findings.map(\.pattern))
        let gone = open.filter { !patterns.contains($0.key) }.values.map {
            News(record: $0.record.closed(at: step), isNew: false)
        }
        return gone + found
    }
}

extension FindingRecord {
    fileprivate func closed(at step: Int) -> FindingRecord {
        var record = self
        record.closedStep = step
        return record
    }
}
