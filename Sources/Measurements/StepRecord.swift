/// The measurements taken after one step.
public struct StepRecord: Sendable {
    /// The number of completed steps, starting at 1.
    public var step: Int
    /// The epoch to which the step belongs, starting at 1.
    public var epoch: Int
    /// The number of real images seen so far.
    public var imagesSeen: Int
    /// The time of the measurement, in seconds since 1970.
    public var wallTime: Double
    /// The values, which may be NaN or infinite.
    public var values: [(series: SeriesName, value: Double)]

    /// A measurement of several series.
    public init(
        step: Int, epoch: Int, imagesSeen: Int, wallTime: Double, values: [(series: SeriesName, value: Double)]
    ) {
        self.step = step
        self.epoch = epoch
        self.imagesSeen = imagesSeen
        self.wallTime = wallTime
        self.values = values
    }

    /// The value of a series; `nil` if it was not measured.
    public subscript(series: SeriesName) -> Double? { values.first { $0.series == series }?.value }
}
