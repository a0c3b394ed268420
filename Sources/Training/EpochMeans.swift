import Measurements

/// The running means of the three losses over an epoch.
struct EpochMeans: Equatable {
    static let series = SeriesName.losses

    var sums = [Double](repeating: 0, count: series.count)
    var count = 0

    mutating func add(_ measurement: StepRecord) {
        count += 1
        for (index, series) in EpochMeans.series.enumerated() { sums[index] += measurement[series] ?? .nan }
    }

    var means: [(series: SeriesName, mean: Double)] {
        zip(EpochMeans.series, sums).map { ($0, $1 / Double(max(1, count))) }
    }
}
