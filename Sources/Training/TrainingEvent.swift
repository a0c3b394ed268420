public import Diagnostics
public import Images
public import Measurements
public import Runs

/// Where a training stands.
public struct TrainingPosition: Sendable, Equatable {
    /// Steps done.
    public var step = 0
    /// Epochs begun, from 1.
    public var epoch = 0
    /// Real examples seen so far.
    public var imagesSeen = 0

    public init(step: Int = 0, epoch: Int = 0, imagesSeen: Int = 0) {
        self.step = step
        self.epoch = epoch
        self.imagesSeen = imagesSeen
    }
}

/// How far a training goes.
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

/// What a training tells those who watch it; plain values, without a tensor.
public enum TrainingEvent: Sendable {
    /// The loop begins, at a position that is not 0 after a resume.
    case started(TrainingPlan, at: TrainingPosition)
    case stepped(StepRecord)
    /// The true means of the losses over the epoch's steps, by series.
    case epochEnded(epoch: Int, means: [(series: SeriesName, mean: Double)], at: TrainingPosition)
    /// Pictures made from the same noise every time. `endsEpoch` tells a sheet of an epoch from one in between.
    case sampled(PixelImage, at: TrainingPosition, endsEpoch: Bool)
    /// A checkpoint is about to be saved: an observer may write down what it has received so far.
    case savingCheckpoint(at: TrainingPosition)
    case savedCheckpoint(CheckpointRecord, removed: [String])
    /// Samples were scored; the values of the monitor's series.
    case evaluated(StepRecord)
    /// The layers of both networks were looked into; the values of their series.
    case inspected(StepRecord)
    /// How the scored samples spread over the data's bins; the first time with the bins' centres, in rows of ten.
    case binned(BinRecord, centres: PixelImage?)
    /// How the scored samples spread over the data's classes.
    case classified(ClassRecord)
    /// A failure pattern holds from now on, or, with a closing step, no longer. A picture may show it.
    case found(FindingRecord, picture: PixelImage?)
    /// A failure has lasted for long enough to act on it.
    case failed(Diagnosis, at: TrainingPosition)
    /// The series so far were judged.
    case judged(Diagnosis, at: TrainingPosition)
    /// What is said of the training at its end: the diagnosis, the findings that hold, as they are now, and those that are gone.
    case concluded(Diagnosis, findings: [(record: FindingRecord, picture: PixelImage?)], at: TrainingPosition)
    /// Something that does not end the training, in a plain sentence.
    case warning(String, at: TrainingPosition)
    case ended(RunOutcome, at: TrainingPosition)
}

/// Watches a training. An error that it throws becomes a warning: an observer can neither end a run nor cost it a checkpoint.
public protocol TrainingObserver: AnyObject {
    func receive(_ event: TrainingEvent) throws
}
