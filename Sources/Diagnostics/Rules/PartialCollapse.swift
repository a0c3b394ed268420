import Measurements

/// The generator never, or hardly ever, produces some modes of the data, or produces the modes in the wrong
/// proportions.
///
/// If the data's modes are well separated, losing more than one in ten is enough. Otherwise bins are parts of one
/// cloud; then many bins must be missing, or the proportions must be far off.
///
/// Source: Richardson and Weiss 2018 (arXiv 1805.12462); well-separated modes: VEEGAN (arXiv 1705.07761).
struct PartialCollapse: Rule {
    let pattern = Pattern.partialCollapse
    let signals: [SeriesName] = [.missingBins, .jensenShannon, .jensenShannonHeldOut, .precision]

    func finding(in history: History) -> Finding? { lostModes(history) ?? lostBins(history) }

    private func lostModes(_ history: History) -> Finding? {
        let limit = Thresholds.missingModes
        let stretch = history.stretch(of: [.missingModes], lasting: history.evaluationsNeeded) { $0[0].mean > limit }
        guard let stretch else { return nil }
        let missing = stretch.typical(.missingModes)
        return Finding(
            failure: .modeCollapse, pattern: pattern, severity: strength(missing, over: limit),
            sinceStep: stretch.firstStep,
            summary:
                "Modes are missing: \(history.since(stretch.firstStep))\(words(missing * 100)) % of the data's modes get less "
                + "than a tenth of the samples that they should.",
            evidence: [stretch.evidence(.missingModes, threshold: limit)])
    }

    private func lostBins(_ history: History) -> Finding? {
        // If there are labels, the classes are judged by themselves; missing bins of crude images then add nothing.
        let qualities: [SeriesName] = [.coverage, .precisionHeldOut, .coverageHeldOut]
        let isQualityKnown = !history.has(.lostClassMass) && qualities.allSatisfy(history.has)
        func skewed(_ values: [Double]) -> Double {
            guard isQualityKnown else { return Thresholds.skewedDivergence(precision: values[3]) }
            let quality = Thresholds.quality(
                precision: values[3], heldOut: values[5], coverage: values[4], coverageHeldOut: values[6])
            return Thresholds.skewedDivergence(precision: values[3], quality: quality, noise: values[2])
        }
        let names = signals + (isQualityKnown ? qualities : [])
        let stretch = history.stretch(of: names, lasting: history.evaluationsNeeded) {
            let values = $0.map(\.mean)
            let excess = values[1] - values[2]
            return excess > skewed(values)
                || (values[0] > Thresholds.missingShare && excess > Thresholds.missingDivergence)
        }
        guard let stretch else { return nil }
        let (missing, divergence) = (stretch.typical(.missingBins), stretch.typical(.jensenShannon))
        let real = stretch.typical(.jensenShannonHeldOut)
        let line = skewed(names.map(stretch.typical))
        let isMissing = missing > Thresholds.missingShare
        return Finding(
            failure: .modeCollapse, pattern: pattern,
            severity: max(
                isMissing ? strength(missing, over: Thresholds.missingShare) : 0,
                PartialCollapse.severity(excess: divergence - real, over: line)),
            sinceStep: stretch.firstStep,
            summary: summary(stretch, since: history.since(stretch.firstStep), isMissing: isMissing),
            evidence: [
                isMissing ? stretch.evidence(.missingBins, threshold: Thresholds.missingShare) : nil,
                stretch.evidence(
                    .jensenShannon, threshold: real + (isMissing ? min(line, Thresholds.missingDivergence) : line)),
            ].compactMap(\.self))
    }

    /// For samples as good as real ones, a divergence that one lost class can cause is a warning.
    private static func severity(excess: Double, over line: Double) -> Double {
        guard line < Thresholds.failedDivergence, excess < Thresholds.failedDivergence else {
            return strength(excess, over: max(line, Thresholds.failedDivergence))
        }
        return Thresholds.lowestWarning + (Thresholds.highestWarning - Thresholds.lowestWarning)
            * min(1, max(0, excess / Thresholds.failedDivergence))
    }

    private func summary(_ stretch: Stretch, since: String, isMissing: Bool) -> String {
        let divergence = words(stretch.typical(.jensenShannon))
        let real = words(stretch.typical(.jensenShannonHeldOut))
        return isMissing
            ? "Modes are missing: \(since)\(words(stretch.typical(.missingBins) * 100)) % of the data's bins get less "
                + "than a tenth of the samples that they should."
            : "Some modes are too rare and others too frequent: \(since)the proportions diverge from the data's by "
                + "\(divergence) (real examples: \(real))."
    }
}
