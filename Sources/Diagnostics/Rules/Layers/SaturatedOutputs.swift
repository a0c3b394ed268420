import Measurements

/// The outputs of a last layer are so large that its tanh or sigmoid is saturated, so no gradient flows back.
///
/// Source: SageMaker Debugger, SaturatedActivation (half of the units; sigmoid inputs beyond 17).
struct SaturatedOutputs: LayerRule {
    let pattern = Pattern.saturatedOutputs

    func finding(in history: History) -> Finding? {
        for signal in history.layers(.saturated) {
            let isGenerator = signal.player == "generator"
            let limit = isGenerator ? Thresholds.saturatedTanh : Thresholds.saturatedSigmoid
            guard let streak = signal.streak(lasting: Thresholds.looks, where: { $0.mean >= limit }) else { continue }
            let share = words(streak.typical * 100)
            let what =
                isGenerator
                ? "\(share) % of the outputs of \(signal.layer) are −1 or 1 for every latent vector, although real "
                    + "examples vary there, and a saturated tanh has no gradient"
                : "\(share) % of the outputs of \(signal.layer) are logits beyond ±17, whose sigmoid rounds to 0 or 1"
            return Finding(
                failure: .convergenceFailure, pattern: pattern, severity: Thresholds.saturatedLayer,
                sinceStep: streak.firstStep,
                summary: "The outputs are saturated: since step \(streak.firstStep), \(what).",
                evidence: [streak.evidence(threshold: limit)])
        }
        return nil
    }
}
