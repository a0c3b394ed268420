import Measurements

/// A layer's weights amplify their input excessively, grew to several times their size within the first steps, or
/// change drastically at every step.
///
/// Source: SageMaker Debugger, WeightUpdateRatio and ExplodingTensor, with tighter bounds from measurements
/// (`Documentation/diagnosis.md`).
struct ExplodingLayer: LayerRule {
    let pattern = Pattern.explodingLayer

    func finding(in history: History) -> Finding? {
        // If values become non-finite early, there are few probes.
        let looks = history.firstNonFinite(.lossGenerator) == nil ? Thresholds.looks : 1
        let gains = history.layers(.gain)
        return amplifying(gains, looks) ?? grown(gains) ?? leaping(history.layers(.updateRatio), looks)
    }

    private func amplifying(_ gains: [LayerSignal], _ looks: Int) -> Finding? {
        let limit = Thresholds.explodedGain
        let streaks = gains.compactMap { $0.streak(lasting: looks) { $0.mean > limit } }
        guard let worst = streaks.max(by: { $0.typical < $1.typical }) else { return nil }
        return finding(
            since: worst.firstStep,
            "\(worst.signal.layer) amplifies noise by a factor of \(words(worst.typical)) (layers start at about 1)",
            worst.evidence(threshold: limit))
    }

    /// Detects weights that grew within a few steps, because each step moved them too far.
    private func grown(_ gains: [LayerSignal]) -> Finding? {
        let grown = gains.compactMap { signal -> (signal: LayerSignal, start: Double, peak: Window)? in
            guard let start = signal.looks.first, start.firstStep == 1, start.mean >= Thresholds.lowestStartingGain,
                let now = signal.looks.last, now.mean > Thresholds.grownGain / 2 * start.mean,
                let peak = signal.looks.prefix(while: { $0.firstStep <= History.stepsPerWindow })
                    .max(by: { $0.mean < $1.mean }), peak.mean > Thresholds.grownGain * start.mean
            else { return nil }
            return (signal, start.mean, peak)
        }
        guard let worst = grown.max(by: { $0.peak.mean / $0.start < $1.peak.mean / $1.start }) else { return nil }
        return finding(
            since: 1,
            "the weights of \(worst.signal.layer) grew to \(words(worst.peak.mean / worst.start)) times their size within "
                + "\(worst.peak.lastStep) steps",
            Evidence(
                signal: SeriesName.layer(.gain, worst.signal.layer).rawValue, value: worst.peak.mean,
                threshold: Thresholds.grownGain * worst.start, fromStep: 1, toStep: worst.peak.lastStep))
    }

    private func leaping(_ ratios: [LayerSignal], _ looks: Int) -> Finding? {
        let limit = Thresholds.explodedRatio
        let streaks = ratios.compactMap { $0.streak(lasting: looks) { $0.mean > limit } }
        guard let worst = streaks.max(by: { $0.typical < $1.typical }) else { return nil }
        return finding(
            since: worst.firstStep,
            "each step changes the weights of \(worst.signal.layer) by \(words(worst.typical)) of their size (healthy layers: 0.0001 to 0.1)",
            worst.evidence(threshold: limit))
    }

    private func finding(since step: Int, _ what: String, _ evidence: Evidence) -> Finding {
        Finding(
            failure: .convergenceFailure, pattern: pattern, severity: Thresholds.explodingLayer, sinceStep: step,
            summary: "A layer has exploded: since step \(step), \(what).", evidence: [evidence])
    }
}
