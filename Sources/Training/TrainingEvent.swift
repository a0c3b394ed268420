public import Diagnostics
public import Images
public import Measurements
public import Runs

/// The progress of a run.
public struct TrainingPosition: Sendable, Equatable {
    /// The number of completed steps.
    public var step = 0
    /// The number of epochs started.
    public var epoch = 0
    /// The number of real examples seen so far.
    public var imagesSeen = 0

    public init(step: Int = 0, epoch: Int = 0, imagesSeen: Int = 0) {
        self.step = step
        self.epoch = epoch
        self.imagesSeen = imagesSeen
    }
}

/// The planned length of a run.
public struct TrainingPlan: Sendable, Equatable {
    public var stepsPerEpoch: Int
    public var totalSteps: Int
    public var batchSize: Int

    public init(stepsPerEpoch: Int, totalSteps: Int, batchSize: Int) {
        self.stepsPerEpoch = stepsPerEpoch
        self.totalSteps = totalSteps
        self.batchSize = batchSize
    }
}

/// An event that training reports to its observers; it holds plain values, not tensors.
public enum TrainingEvent: Sendable {
    /// The training loop starts; after a resume the position is not 0.
    case started(TrainingPlan, at: TrainingPosition)
    case stepped(StepRecord)
    /// An epoch ended. `means` holds the exact mean of each loss over the epoch's steps.
    case epochEnded(epoch: Int, means: [(series: SeriesName, mean: Double)], at: TrainingPosition)
    /// A sheet of samples was generated from the fixed noise. `endsEpoch` distinguishes sheets at the end of an epoch
    /// from those in between.
    case sampled(PixelImage, at: TrainingPosition, endsEpoch: Bool)
    /// A checkpoint is about to be saved: observers can write what they have received so far.
    case savingCheckpoint(at: TrainingPosition)
    case savedCheckpoint(CheckpointRecord, removed: [String])
    /// Samples were scored; the record holds the values of the monitor's series.
    case evaluated(StepRecord)
    /// The layers of both networks were inspected; the record holds the values of their series.
    case inspected(StepRecord)
    /// The distribution of the scored samples over the data's bins; the first event includes the bin centers, ten per
    /// row.
    case binned(BinRecord, centers: PixelImage?)
    /// The distribution of the scored samples over the data's classes.
    case classified(ClassRecord)
    /// A failure pattern appeared or, with a closing step, disappeared. An image may illustrate it.
    case found(FindingRecord, image: PixelImage?)
    /// A failure has lasted long enough to act on it.
    case failed(Diagnosis, at: TrainingPosition)
    /// The series recorded so far were judged.
    case judged(Diagnosis, at: TrainingPosition)
    /// The final diagnosis, with the current findings and those that have disappeared.
    case concluded(Diagnosis, findings: [(record: FindingRecord, image: PixelImage?)], at: TrainingPosition)
    /// A message about a problem that does not end training.
    case warning(String, at: TrainingPosition)
    case ended(RunOutcome, at: TrainingPosition)
}

/// Observes training. An error that it throws becomes a warning, so an observer can neither end a run nor prevent a
/// checkpoint.
public protocol TrainingObserver: AnyObject {
    func receive(_ event: TrainingEvent) throws
}
