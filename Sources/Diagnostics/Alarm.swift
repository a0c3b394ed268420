import Measurements

/// Whether a training has failed for long enough to act on it.
///
/// The first evaluations of a sound training often look like a failure that is gone a little later. So what is said at once is only a
/// sign, and an alarm is raised when a failure has been seen for several evaluations more. Values that are not finite do not mend
/// themselves, and raise it at once.
public struct Alarm: Sendable {
    /// How many evaluations more, or, without samples, how many windows of steps.
    static let evaluations = 6
    static let windows = 3 * Thresholds.persistence
    /// How many windows those evaluations span at the least: a short training is evaluated often.
    static let fewestWindows = 5

    private enum State {
        case quiet
        /// Failed since this step and this many evaluations.
        case failing(step: Int, evaluations: Int)
        case ringing
        /// Failed before anybody asked, and still failed.
        case known
    }

    private var state = State.quiet

    public init() {}

    public var isRinging: Bool { if case .ringing = state { true } else { false } }

    /// A failure that stands now is known, and rings no alarm before it has once been gone: who resumes a failed run wants it
    /// to go on.
    public mutating func acknowledge() { state = .known }

    /// Goes on with a failure that was first said at a step.
    public mutating func resume(since step: Int, _ history: History) {
        state = .failing(step: step, evaluations: history.windows(.diversity).count { $0.lastStep <= step })
    }

    /// Takes what is said of a training now.
    public mutating func receive(_ diagnosis: Diagnosis, of history: History) {
        guard diagnosis.isFailing else {
            state = .quiet
            return
        }
        let isFinal = diagnosis.findings.contains { $0.pattern == .nonFinite }
        let evaluations = history.windows(.diversity).count
        switch state {
        case .quiet: state = isFinal ? .ringing : .failing(step: history.lastStep, evaluations: evaluations)
        case .failing(let step, let before):
            let hasLasted =
                evaluations > 0
                ? evaluations - before >= Alarm.evaluations
                    && history.lastStep - step >= Alarm.fewestWindows * History.stepsPerWindow
                : history.lastStep - step >= Alarm.windows * History.stepsPerWindow
            if isFinal || hasLasted { state = .ringing }
        case .ringing, .known: break
        }
    }
}

extension Diagnosis {
    /// Whether a failure is seen, be it a lasting one or, in a training that goes on, only a sign.
    public var isFailing: Bool { findings.contains { $0.isFailure } }
}
