/// A value of a series.
public struct SeriesPoint: Hashable, Sendable, Codable {
    /// The step.
    public var step: Int
    /// The epoch of the step.
    public var epoch: Int
    /// The number of real images seen by then.
    public var imagesSeen: Int
    /// When it was measured, in seconds since 1970.
    public var wallTime: Double
    /// The value, which may be NaN or infinite.
    public var value: Double

    /// A value at a step.
    public init(step: Int, epoch: Int, imagesSeen: Int, wallTime: Double, value: Double) {
        self.step = step
        self.epoch = epoch
        self.imagesSeen = imagesSeen
        self.wallTime = wallTime
        self.value = value
    }
}

/// The mean of a series over the steps of an epoch.
public struct EpochMean: Hashable, Sendable, Codable {
    /// The epoch.
    public var epoch: Int
    /// The last step of the epoch that has a value.
    public var lastStep: Int
    /// The number of values.
    public var count: Int
    /// Their mean; NaN if one of them is.
    public var mean: Double

    /// A mean over an epoch.
    public init(epoch: Int, lastStep: Int, count: Int, mean: Double) {
        self.epoch = epoch
        self.lastStep = lastStep
        self.count = count
        self.mean = mean
    }
}

/// A sheet of samples.
public struct SheetRecord: Hashable, Sendable, Codable {
    /// The step after which it was drawn.
    public var step: Int
    /// The epoch of the step.
    public var epoch: Int
    /// The number of real images seen by then.
    public var imagesSeen: Int
    /// The file, relative to the run folder: `samples/epoch-0010.png`.
    public var file: String
    /// When it was drawn, in seconds since 1970.
    public var wallTime: Double

    /// A sheet in a file of the run folder.
    public init(step: Int, epoch: Int, imagesSeen: Int, file: String, wallTime: Double) {
        self.step = step
        self.epoch = epoch
        self.imagesSeen = imagesSeen
        self.file = file
        self.wallTime = wallTime
    }
}

/// A saved state of a training.
public struct CheckpointRecord: Hashable, Sendable, Codable {
    /// The step after which it was saved.
    public var step: Int
    /// The epoch of the step.
    public var epoch: Int
    /// The file or folder, relative to the run folder.
    public var folder: String
    /// When it was saved, in seconds since 1970.
    public var wallTime: Double

    /// A checkpoint in the run folder.
    public init(step: Int, epoch: Int, folder: String, wallTime: Double) {
        self.step = step
        self.epoch = epoch
        self.folder = folder
        self.wallTime = wallTime
    }
}

/// How samples spread over the bins of the data at a step: what the number of statistically different bins is counted from.
public struct BinRecord: Hashable, Sendable, Codable {
    public struct Bin: Hashable, Sendable, Codable {
        /// The shares of the training data and of the samples.
        public var reference, samples: Double
        /// Whether the two differ by more than chance: a p-value under 0.05.
        public var isDifferent: Bool
        /// Whether the samples hold less than a tenth of what they should.
        public var isMissing: Bool

        public init(reference: Double, samples: Double, isDifferent: Bool, isMissing: Bool) {
            self.reference = reference
            self.samples = samples
            self.isDifferent = isDifferent
            self.isMissing = isMissing
        }
    }

    /// The step after which the samples were made.
    public var step: Int
    /// The largest of the data first, in the same order all through a run.
    public var bins: [Bin]

    public init(step: Int, bins: [Bin]) {
        self.step = step
        self.bins = bins
    }
}

/// Something worth knowing that happened during a run.
public struct RunNote: Hashable, Sendable, Codable {
    /// When it happened, in seconds since 1970.
    public var wallTime: Double
    /// The step by then, if there was one.
    public var step: Int?
    /// What kind of thing: `warning`, `resumed`, …
    public var kind: String
    /// A plain sentence.
    public var message: String

    /// A note.
    public init(wallTime: Double, step: Int?, kind: String, message: String) {
        self.wallTime = wallTime
        self.step = step
        self.kind = kind
        self.message = message
    }
}
