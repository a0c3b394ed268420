import Measurements

/// A layer started with weights that are far too large or too small for its inputs. Adam corrects weights that are too
/// small within a few hundred steps, and the finding then goes away.
///
/// Source: SageMaker Debugger, PoorWeightInitialization, which compares layers; here a layer is compared with common
/// initializations, whose gains range from 0.03 (standard deviation 0.02, two inputs) to 1.4 (He). Weights of 0, with
/// which residual blocks may start on purpose, do not count.
struct PoorInitialization: LayerRule {
    let pattern = Pattern.poorInitialization

    func finding(in history: History) -> Finding? {
        let (low, high) = (Thresholds.lowestStartingGain, Thresholds.highestStartingGain)
        // The factor by which a gain is out of bounds.
        func excess(_ gain: Double) -> Double { gain > 0 ? max(gain / high, low / gain) : 0 }
        let started = history.layers(.gain).compactMap { signal -> (signal: LayerSignal, start: Window)? in
            guard let first = signal.looks.first, let now = signal.looks.last, first.firstStep == 1,
                excess(first.mean) > 1
            else { return nil }
            let isYoung = history.lastStep < Thresholds.settling * History.stepsPerWindow
            return isYoung || excess(now.mean) > 1 ? (signal, first) : nil
        }
        guard let worst = started.max(by: { excess($0.start.mean) < excess($1.start.mean) }) else { return nil }
        let (gain, isLarge) = (worst.start.mean, worst.start.mean > high)
        return Finding(
            failure: .convergenceFailure, pattern: pattern, severity: Thresholds.poorInitialization, sinceStep: 1,
            summary:
                "\(worst.signal.layer) started with weights that are far too \(isLarge ? "large" : "small"): it "
                + "amplified noise by a factor of \(words(gain)) (usual initializations: 0.03 to 1.4).",
            evidence: [
                Evidence(
                    signal: SeriesName.layer(.gain, worst.signal.layer).rawValue, value: gain,
                    threshold: isLarge ? high : low, fromStep: 1, toStep: 1)
            ])
    }
}
