public import DatasetFiles
public import Recipes
public import Runs
public import Training

/// An event of a session, besides the trainer's `TrainingEvent`s.
public enum SessionEvent {
    /// A sentence about lengthy preparations, such as a download.
    case note(String)
    /// The progress of a download.
    case downloading(Downloader.Progress)
    /// A sentence about a problem that does not end the session.
    case warning(String)
    /// The run folder exists, and the first step comes next.
    case begins(TrainingSession)
    /// A run has ended, and its folder is complete.
    case ended(TrainingSession, TrainingSession.Ending)
    /// A new run repairs a failed one.
    case repairs(Repair)
}

/// The repair of a failed run.
public struct Repair {
    /// The number of this repair, from 1, and the largest number of repairs.
    public let number, limit: Int
    /// The remedy and its reason.
    public let remedy: AppliedRemedy
    /// The keys that change.
    public let changes: [ConfigurationDifference]
    /// Whether the training restarts, because there is no checkpoint from before the failure.
    public let restarts: Bool
}
