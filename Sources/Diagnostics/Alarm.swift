import Measurements

/// Decides whether a run has been failing for long enough to act on it.
///
/// The first evaluations of a healthy run often look like a failure that disappears soon afterwards. A failure is
/// therefore only a sign at first, and the alarm is raised after it has persisted for several more evaluations.
/// Non-finite values do not recover, so they raise the alarm immediately.
public struct Alarm: Sendable {
    private enum State {
        case quiet
        /// Failing since there were this many windows of the losses and this many evaluations.
        case failing(windows: Int, evaluations: Int)
        case ringing
        /// Failing when the run was resumed, and still failing.
        case known
    }

    private var state = State.quiet

    public init() {}

    public var isRinging: Bool { if case .ringing = state { true } else { false } }

    /// Marks a current failure as known. It raises no alarm until it has gone away once, because whoever resumes a
    /// failed run wants it to continue.
    public mutating func acknowledge() { state = .known }

    /// Continues to track a failure that was first reported at a step.
    public mutating func resume(since step: Int, _ history: History) {
        state = .failing(
            windows: history.windowCount(upTo: step),
            evaluations: history.windows(.diversity).count { $0.lastStep <= step })
    }

    /// Updates the alarm with the current diagnosis.
    ///
    /// - Parameter onset: the step at which the failure began, for a run that is not judged all the time; `nil` if a
    ///   failure is seen as soon as it can be.
    public mutating func receive(_ diagnosis: Diagnosis, of history: History, onset: Int? = nil) {
        guard diagnosis.isFailing else {
            state = .quiet
            return
        }
        let windows = history.windowCount(upTo: history.lastStep)
        let evaluations = history.windows(.diversity).count
        if case .quiet = state {
            state = .failing(windows: windows, evaluations: evaluations)
            if let onset {
                // It could have been seen once it had lasted for some windows.
                state = .failing(
                    windows: min(windows, history.windowCount(upTo: onset) + Thresholds.persistence),
                    evaluations: min(
                        evaluations,
                        history.windows(.diversity).count { $0.lastStep <= onset } + Thresholds.evaluations))
            }
        }
        guard case .failing(let windowsBefore, let evaluationsBefore) = state else { return }
        let hasLasted =
            evaluations > 0
            ? evaluations - evaluationsBefore >= Thresholds.alarmEvaluations
                && windows - windowsBefore >= Thresholds.fewestAlarmWindows
            : windows - windowsBefore >= Thresholds.alarmWindows
        if hasLasted || diagnosis.findings.contains(where: { $0.pattern == .nonFinite }) { state = .ringing }
    }
}

extension History {
    /// The number of windows up to a step: those of a loss or, without losses, as many as fit into the steps.
    fileprivate func windowCount(upTo step: Int) -> Int {
        let names: [SeriesName] = SeriesName.losses + [.lossDiscriminator]
        guard let loss = names.first(where: has) else { return step / History.stepsPerWindow }
        return windows(loss).count { $0.lastStep <= step }
    }
}

extension Diagnosis {
    /// Whether there is a failure: a lasting one or, in a run that is still going, possibly only a sign of one.
    public var isFailing: Bool { findings.contains { $0.isFailure } }
}
