import Measurements

extension History {
    /// Whether a training is so young that samples which do not look like the data say nothing of how it will go.
    ///
    /// Only of this program's runs: what a step is in another program's log is not known, and samples that are given with it
    /// are meant to be judged.
    var hasOnlyBegun: Bool {
        // A run that goes on from another one's checkpoint is older than its series.
        !context.isForeign && has(.lossGenerator) && windows(.lossGenerator).count < Thresholds.settling
            && lastStep < History.settlingSteps
    }

    /// Whether another program's log ends within the first updates, whose losses look like many failures in sound trainings too.
    var lossesHaveOnlyBegun: Bool { context.countsUpdates && lastStep < History.settlingSteps }

    /// Whether the samples are too few to say whether modes are missing: real examples as few would fill the bins as unevenly.
    var hasTooFewSamples: Bool {
        windows(.jensenShannonHeldOut).last.map { $0.mean > Thresholds.blurredDivergence } ?? false
    }

    /// Whether the newest samples are neither so far from the data that they fail nor near enough to be called sound.
    var samplesAreCrude: Bool {
        windows(.coverageFeatures).last.map { $0.mean < Thresholds.fairCoverageOfFeatures } ?? false
    }

    /// Whether the newest samples look like the data, long after a step from which the losses do not: then what the losses
    /// seem to say is not the whole truth.
    func samplesAreFair(since step: Int) -> Bool {
        if !has(.diversity), scoresAreFair { return true }
        func newest(_ series: SeriesName) -> [Window] { Array(windows(series).suffix(evaluationsNeeded)) }
        let (coverages, precisions) = (newest(.coverage), newest(.precision))
        guard let first = coverages.first, coverages.count == evaluationsNeeded, has(.jensenShannonHeldOut),
            !hasTooFewSamples
        else { return false }
        // Two evaluations since it began, the last of them not long ago.
        let isRecent =
            first.lastStep > step
            && 2 * (lastStep - step) <= 3 * (coverages[coverages.count - 1].lastStep - step)
        return isRecent && coverages.allSatisfy { $0.mean > Thresholds.fairCoverage }
            && precisions.allSatisfy { $0.mean > Thresholds.fairPrecision }
    }
}
