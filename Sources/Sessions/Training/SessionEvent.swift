public import DatasetFiles
public import Recipes
public import Runs
public import Training

/// What a session tells besides what its trainer tells its observers. A program puts it into words.
public enum SessionEvent {
    /// A sentence about preparations that may take long, such as a download.
    case note(String)
    /// How far a download is.
    case downloading(Downloader.Progress)
    /// A sentence about something that does not end the session.
    case warning(String)
    /// Everything is ready, the run folder is there, and the first step comes next.
    case begins(TrainingSession)
    /// A run has ended, and everything about it is in its folder.
    case ended(TrainingSession, TrainingSession.Ending)
    /// A run that failed is followed by another one.
    case repairs(Repair)
}

/// How a run that failed is repaired.
public struct Repair {
    /// Which repair of the session this is, from 1, and how many there may be.
    public let number, limit: Int
    /// What is applied, and why.
    public let remedy: AppliedRemedy
    /// The keys that change.
    public let changes: [ConfigurationDifference]
    /// Whether there is no checkpoint from before the failure, so that the training starts again.
    public let startsAnew: Bool
}
