import Diagnostics
import Foundation
import Measurements
import Testing

/// Patterns of samples, and what samples say of the losses.
extension RuleTests {
    @Test func patternsOfSamples() throws {
        let calm = training(sound)
        try expect(
            .completeCollapse, .modeCollapse, since: 400...400, calm,
            evaluations: [.diversity: 0.6, .duplicates: 0.9, .missingBins: 0.8])
        try expect(.completeCollapse, .modeCollapse, since: 400...400, calm, evaluations: [.diversity: 0.05])
        try expect(
            .partialCollapse, .modeCollapse, since: 400...400, calm,
            evaluations: [.missingBins: 0.4, .jensenShannon: 0.3])
        try expect(.partialCollapse, .modeCollapse, since: 400...400, calm, evaluations: [.missingModes: 0.125])
        try expect(
            .partialCollapse, .modeCollapse, since: 400...400, calm,
            evaluations: [.jensenShannon: 0.12, .precision: 0.96])
        try expect(
            .driftingCollapse, .modeCollapse, since: 400...400, calm,
            evaluations: [.missingBins: 0.5, .binDrift: 0.4])
        try expect(.memorization, .modeCollapse, since: 400...400, calm, evaluations: [.memorized: 0.8])
        try expect(.badQuality, .convergenceFailure, since: 400...400, calm, evaluations: [.coverage: 0.01])
    }

    private func judged(_ history: History, _ evaluations: [SeriesName: Double]) -> Diagnosis {
        var history = history
        for step in [400, 800, 1200] {
            for (series, value) in soundEvaluation.merging(evaluations, uniquingKeysWith: { $1 }) {
                history.append(series, step: step, value: value)
            }
        }
        return Diagnosis(history)
    }

    /// Repeated images are a collapse even where few bins are missing; repeated points are not.
    @Test func repeatedOutputsInMostBins() {
        let repeated: [SeriesName: Double] = [.duplicates: 0.88, .missingBins: 0.1]
        var history = training(sound)
        let images = judged(history, repeated)
        #expect(images.verdict == .failed && images.findings.map(\.pattern) == [.completeCollapse], "\(images)")
        let some = judged(history, [.duplicates: 0.5, .missingBins: 0.1])
        #expect(some.verdict == .warning && some.findings.map(\.pattern) == [.completeCollapse], "\(some)")
        #expect(some.findings[0].summary.hasSuffix("though only 10 % of the data's bins are missing."))
        #expect(judged(history, repeated.merging([.missingModes: 0]) { $1 }).findings.isEmpty)
        history.context.arePoints = true
        #expect(judged(history, repeated).findings.isEmpty)
    }

    @Test func poorSamplesExplainWrongProportions() {
        #expect(judged(training(sound), [.jensenShannon: 0.12, .precision: 0.5]).findings.isEmpty)
        #expect(judged(training(sound), [.missingBins: 0.27, .jensenShannon: 0.15, .precision: 0.5]).findings.isEmpty)
        #expect(judged(training(sound), [.missingModes: 0.04, .memorized: 0.08]).findings.isEmpty)
    }

    @Test func fairSamplesMakeAFailureOfTheLossesAWarning() {
        let exploding = training(sound(but: [.gradientNormDiscriminator: Self.jump(at: 700, 5, 5000)]))
        #expect(Diagnosis(exploding).verdict == .failed)
        let muted = judged(exploding, [:])
        #expect(muted.verdict == .warning && muted.findings.first?.pattern == .explodingGradients)
        #expect(muted.notes.contains { $0.contains("only a warning") })
        #expect(judged(exploding, [.coverage: 0.1]).verdict == .failed)
        #expect(judged(exploding, [.precision: 0.1]).verdict == .failed)
        // Evaluations from before it began say nothing of it.
        var old = training(sound(but: [.gradientNormDiscriminator: Self.jump(at: 700, 5, 5000)]))
        for step in [200, 400] {
            for (series, value) in soundEvaluation { old.append(series, step: step, value: value) }
        }
        #expect(Diagnosis(old).verdict == .failed)
        let broken = training(sound(but: [.lossGenerator: { $0 == 555 ? .nan : 0.9 }]))
        #expect(judged(broken, [:]).verdict == .failed)
    }
}
