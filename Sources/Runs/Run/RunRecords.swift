/// One value of a series.
public struct SeriesPoint: Hashable, Sendable, Codable {
    /// The step.
    public var step: Int
    /// The epoch of the step.
    public var epoch: Int
    /// The number of real images seen so far.
    public var imagesSeen: Int
    /// The time of the measurement, in seconds since 1970.
    public var wallTime: Double
    /// The value; may be NaN or infinite.
    public var value: Double

    /// Creates a point.
    public init(step: Int, epoch: Int, imagesSeen: Int, wallTime: Double, value: Double) {
        self.step = step
        self.epoch = epoch
        self.imagesSeen = imagesSeen
        self.wallTime = wallTime
        self.value = value
    }
}

/// The mean of a series over the steps of one epoch.
public struct EpochMean: Hashable, Sendable, Codable {
    /// The epoch.
    public var epoch: Int
    /// The last step of the epoch with a value.
    public var lastStep: Int
    /// The number of values.
    public var count: Int
    /// The mean of the values; NaN if any of them is NaN.
    public var mean: Double

    /// Creates an epoch mean.
    public init(epoch: Int, lastStep: Int, count: Int, mean: Double) {
        self.epoch = epoch
        self.lastStep = lastStep
        self.count = count
        self.mean = mean
    }
}

/// A sheet: a grid of samples saved as an image.
public struct SheetRecord: Hashable, Sendable, Codable {
    /// The step after which the samples were generated.
    public var step: Int
    /// The epoch of the step.
    public var epoch: Int
    /// The number of real images seen so far.
    public var imagesSeen: Int
    /// The file, relative to the run folder: `samples/epoch-0010.png`.
    public var file: String
    /// The time of generation, in seconds since 1970.
    public var wallTime: Double

    /// Creates a record of a sheet in the run folder.
    public init(step: Int, epoch: Int, imagesSeen: Int, file: String, wallTime: Double) {
        self.step = step
        self.epoch = epoch
        self.imagesSeen = imagesSeen
        self.file = file
        self.wallTime = wallTime
    }
}

/// A saved state of training.
public struct CheckpointRecord: Hashable, Sendable, Codable {
    /// The step after which it was saved.
    public var step: Int
    /// The epoch of the step.
    public var epoch: Int
    /// The file or folder, relative to the run folder.
    public var folder: String
    /// The time of saving, in seconds since 1970.
    public var wallTime: Double

    /// Creates a record of a checkpoint in the run folder.
    public init(step: Int, epoch: Int, folder: String, wallTime: Double) {
        self.step = step
        self.epoch = epoch
        self.folder = folder
        self.wallTime = wallTime
    }
}

/// The distribution of samples over the data's bins at a step, from which the number of statistically different bins
/// (NDB) is counted.
public struct BinRecord: Hashable, Sendable, Codable {
    public struct Bin: Hashable, Sendable, Codable {
        /// The share of the training data and of the samples in this bin.
        public var reference, samples: Double
        /// Whether the two shares differ significantly (p-value below 0.05).
        public var isDifferent: Bool
        /// Whether the samples' share is less than a tenth of the expected share.
        public var isMissing: Bool

        public init(reference: Double, samples: Double, isDifferent: Bool, isMissing: Bool) {
            self.reference = reference
            self.samples = samples
            self.isDifferent = isDifferent
            self.isMissing = isMissing
        }
    }

    /// The step after which the samples were generated.
    public var step: Int
    /// The bins, largest in the data first; the order is constant throughout a run.
    public var bins: [Bin]

    public init(step: Int, bins: [Bin]) {
        self.step = step
        self.bins = bins
    }
}

/// A notable event during a run.
public struct RunNote: Hashable, Sendable, Codable {
    /// The time of the event, in seconds since 1970.
    public var wallTime: Double
    /// The step at that time, if there was one.
    public var step: Int?
    /// The kind of event: `warning`, `resumed`, …
    public var kind: String
    /// A description in plain words.
    public var message: String

    /// Creates a note.
    public init(wallTime: Double, step: Int?, kind: String, message: String) {
        self.wallTime = wallTime
        self.step = step
        self.kind = kind
        self.message = message
    }
}
