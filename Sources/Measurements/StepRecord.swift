/// What was measured after one step.
public struct StepRecord: Sendable {
    /// The number of steps done, from 1.
    public var step: Int
    /// The epoch that the step belongs to, from 1.
    public var epoch: Int
    /// The number of real images seen so far.
    public var imagesSeen: Int
    /// When it was measured, in seconds since 1970.
    public var wallTime: Double
    /// The values; NaN and infinity are values too.
    public var values: [(series: SeriesName, value: Double)]

    /// A measurement of some series.
    public init(
        step: Int, epoch: Int, imagesSeen: Int, wallTime: Double, values: [(series: SeriesName, value: Double)]
    ) {
        self.step = step
        self.epoch = epoch
        self.imagesSeen = imagesSeen
        self.wallTime = wallTime
        self.values = values
    }

    /// The value of a series, if it was measured.
    public subscript(series: SeriesName) -> Double? { values.first { $0.series == series }?.value }
}
