import Measurements

/// Decides whether a run has been failing for long enough to act on it.
///
/// The first evaluations of a healthy run often look like a failure that disappears soon afterwards. A failure is
/// therefore only a sign at first, and the alarm is raised after it has persisted for several more evaluations.
/// Non-finite values do not recover, so they raise the alarm immediately.
public struct Alarm: Sendable {
    private enum State {
        case quiet
        /// Failing since this step, at which there were this many evaluations. Windows are counted when they are
        /// needed, because they grow with a short log.
        case failing(step: Int, evaluations: Int)
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
            step: step,
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
        let evaluations = history.windows(.diversity).count
        if case .quiet = state {
            state = .failing(step: history.lastStep, evaluations: evaluations)
            if let onset {
                // It could have been seen once it had lasted for some windows.
                state = .failing(
                    step: min(history.lastStep, history.step(onset, after: Thresholds.persistence)),
                    evaluations: min(
                        evaluations,
                        history.windows(.diversity).count { $0.lastStep <= onset } + Thresholds.evaluations))
            }
        }
        guard case .failing(let step, let evaluationsBefore) = state else { return }
        let windows = history.windowCount(upTo: history.lastStep) - history.windowCount(upTo: step)
        let hasLasted =
            evaluations > 0
            ? evaluations - evaluationsBefore >= Thresholds.alarmEvaluations
                && windows >= Thresholds.fewestAlarmWindows
            : windows >= history.alarmWindows
        if hasLasted || diagnosis.findings.contains(where: { $0.pattern == .nonFinite }) { state = .ringing }
    }
}

extension History {
    /// The number of windows for which a failure must last. A short log has few windows, so a quarter of them.
    fileprivate var alarmWindows: Int {
        guard windowLength < History.stepsPerWindow else { return Thresholds.alarmWindows }
        return min(
            Thresholds.alarmWindows, max(Thresholds.fewestAlarmWindows, windowCount(upTo: lastStep) / 4))
    }

    /// The step at which a number of windows have passed since another step.
    fileprivate func step(_ start: Int, after count: Int) -> Int {
        guard let loss = lossName else { return start + count * History.stepsPerWindow }
        let later = windows(loss).lazy.filter { $0.lastStep > start }
        return later.dropFirst(count - 1).first?.lastStep ?? lastStep
    }

    private var lossName: SeriesName? { (SeriesName.losses + [.lossDiscriminator]).first(where: has) }

    /// The number of windows up to a step: those of a loss or, without losses, as many as fit into the steps.
    fileprivate func windowCount(upTo step: Int) -> Int {
        guard let loss = lossName else { return step / History.stepsPerWindow }
        return windows(loss).count { $0.lastStep <= step }
    }
}

extension Diagnosis {
    /// Whether there is a failure: a lasting one or, in a run that is still going, possibly only a sign of one.
    public var isFailing: Bool { findings.contains { $0.isFailure } }
}
