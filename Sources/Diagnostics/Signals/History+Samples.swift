import Measurements

extension History {
    /// Whether a run is so young that samples unlike the data do not predict its outcome.
    ///
    /// This is only decided for Equipoise's own runs: the meaning of a step in another program's log is unknown, and
    /// samples given with such a log are meant to be judged.
    var hasOnlyBegun: Bool {
        // A run that continues from another run's checkpoint is older than its series.
        !context.isForeign && has(.lossGenerator) && windows(.lossGenerator).count < Thresholds.settling
            && lastStep < History.settlingSteps
    }

    /// Whether another program's log ends within the first updates, whose losses look like many failures even in
    /// healthy runs.
    var lossesHaveOnlyBegun: Bool { context.countsUpdates && lastStep < History.settlingSteps }

    /// Whether there are too few samples to decide whether modes are missing: equally few real examples would fill the
    /// bins as unevenly.
    var hasTooFewSamples: Bool {
        windows(.jensenShannonHeldOut).last.map { $0.mean > Thresholds.blurredDivergence } ?? false
    }

    /// Whether the newest samples are too far from the data to count as healthy. ``BadQuality`` finds those that are so
    /// far off that they fail.
    var samplesAreCrude: Bool {
        windows(.coverageFeatures).last.map { $0.mean < Thresholds.fairCoverageOfFeatures } ?? false
    }

    /// Whether the newest samples look like the data, long after the losses began to look like a failure. The losses
    /// are then misleading.
    func samplesAreFair(since step: Int) -> Bool {
        if !has(.diversity), scoresAreFair { return true }
        func newest(_ series: SeriesName) -> [Window] { Array(windows(series).suffix(evaluationsNeeded)) }
        let (coverages, precisions) = (newest(.coverage), newest(.precision))
        guard let first = coverages.first, coverages.count == evaluationsNeeded, has(.jensenShannonHeldOut),
            !hasTooFewSamples
        else { return false }
        // All required evaluations came after the pattern began, and the newest is recent.
        let isRecent =
            first.lastStep > step
            && 2 * (lastStep - step) <= 3 * (coverages[coverages.count - 1].lastStep - step)
        return isRecent && coverages.allSatisfy { $0.mean > Thresholds.fairCoverage }
            && precisions.allSatisfy { $0.mean > Thresholds.fairPrecision }
    }
}
