import Measurements

/// Values that were logged at the same steps.
extension ObjectiveGuess {
    /// A few thousand evenly spaced places, which show as much as all of them.
    static func sampled(_ places: Range<Int>) -> StrideTo<Int> {
        stride(from: places.lowerBound, to: places.upperBound, by: max(1, places.count / 5000))
    }

    /// The generator's loss and the discriminator's total loss at the same steps.
    ///
    /// Lightning counts a step for each player, so the losses of one batch are one step apart. The nearest loss counts
    /// if it is nearer than the generator's next one.
    static func pairs(_ series: [SeriesName: Points]) -> [(generator: Double, discriminator: Double)] {
        let all = series[.lossGenerator] ?? []
        let isWhole = series[.lossDiscriminator] != nil
        let names = isWhole ? [SeriesName.lossDiscriminator] : [.lossDiscriminatorReal, .lossDiscriminatorFake]
        let parts = names.map { (series[$0] ?? []).sorted { $0.step < $1.step } }
        let reach = spacing(all) / 2
        return sampled(all.indices).compactMap { place in
            let values = parts.compactMap { nearest($0, to: all[place].step, within: reach) }
            guard values.count == names.count, all[place].value.isFinite else { return nil }
            let sum = values.reduce(0, +)
            return sum.isFinite ? (all[place].value, sum) : nil
        }
    }

    /// The usual number of steps from one value to the next.
    private static func spacing(_ points: Points) -> Int {
        let gaps = zip(points, points.dropFirst()).prefix(5000).map { $1.step - $0.step }.sorted()
        return gaps.isEmpty ? 0 : max(0, gaps[gaps.count / 2])
    }

    /// The value with the nearest step; `points` must be sorted by step.
    private static func nearest(_ points: Points, to step: Int, within reach: Int) -> Double? {
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].step < step { low = middle + 1 } else { high = middle }
        }
        let near = [low - 1, low].filter(points.indices.contains).min {
            abs(points[$0].step - step) < abs(points[$1].step - step)
        }
        return near.flatMap { abs(points[$0].step - step) <= reach ? points[$0].value : nil }
    }

    /// The discriminator's total loss and its accuracy at the same steps.
    static func accuracies(_ series: [SeriesName: Points]) -> [(loss: Double, accuracy: Double)] {
        let accuracies = (series[.accuracyDiscriminator] ?? []).sorted { $0.step < $1.step }
        guard let losses = series[.lossDiscriminator], !accuracies.isEmpty else { return [] }
        return sampled(losses.indices).compactMap { place in
            guard let accuracy = nearest(accuracies, to: losses[place].step, within: 0), accuracy.isFinite,
                losses[place].value.isFinite
            else { return nil }
            return (losses[place].value, accuracy)
        }
    }
}
