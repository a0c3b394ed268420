import Diagnostics
import Measurements
import Recipes
import Testing

/// The scores that other programs log beside the losses.
@Suite struct ScoreTests {
    private func history(
        _ scores: [Score: [Double]], losses: (generator: Double, discriminator: Double) = (1, 0.6)
    ) -> History {
        var history = History(objective: .nonSaturating)
        history.context.isForeign = true
        for step in 1...1000 {
            let wobble = 1 + 0.05 * Double(step % 7)
            history.append(.lossGenerator, step: step, value: losses.generator * wobble)
            history.append(.lossDiscriminatorReal, step: step, value: losses.discriminator * wobble)
            history.append(.lossDiscriminatorFake, step: step, value: losses.discriminator * wobble)
        }
        for (score, values) in scores {
            for (index, value) in values.enumerated() {
                history.append(score.series, step: (index + 1) * 100, value: value)
            }
        }
        return history
    }

    @Test func aScoreThatWorsensForGood() throws {
        let diagnosis = Diagnosis(
            history([
                .frechet: [120, 60, 50, 49, 60, 90, 137, 140, 135, 139],
                .recall: [0.5, 0.7, 0.8, 0.8, 0.6, 0.4, 0.3, 0.3, 0.3, 0.3],
            ]))
        let finding = try #require(diagnosis.findings.first)
        #expect(diagnosis.verdict == .failed && finding.pattern == .scoreWorsens && finding.failure == .modeCollapse)
        #expect(
            finding.summary.contains("FID went from 49 to 139") && finding.summary.contains("checkpoint of step 400"))
        #expect(finding.sinceStep == 600)
    }

    /// The report does not say that something was not judged where a score judged it.
    @Test func whatScoresJudgeWithoutSamples() {
        func unseen(_ scores: [Score: [Double]]) -> [String] {
            Diagnosis(history(scores)).unseen.filter { $0.contains("not judged") }
        }
        let all = "Mode collapse and the samples' quality were not judged: there are no samples, only"
        #expect(unseen([:]) == ["\(all) losses."])
        #expect(unseen([.frechet: [120]]) == ["\(all) losses and scores."])
        #expect(
            unseen([.frechet: [90, 60, 40, 30, 28, 27, 27, 26]])
                == ["Mode collapse was not judged: there are no samples, only losses and scores."])
        let worse: [Score: [Double]] = [.frechet: [120, 60, 50, 49, 60, 90, 137, 140, 135, 139]]
        #expect(unseen(worse) == ["Mode collapse was not judged: there are no samples, only losses and scores."])
    }

    @Test(arguments: [
        // One bad evaluation, a recovery, a slow improvement, and too few.
        [120.0, 60, 50, 49, 50, 51, 49, 140], [120, 60, 50, 140, 150, 60, 52, 50], [120, 90, 80, 70, 66, 61, 60, 59],
        [50, 90, 90],
    ])
    func scoresThatAreFair(_ values: [Double]) {
        #expect(Diagnosis(history([.frechet: values])).findings.isEmpty)
    }

    @Test func aScoreThatNeverGetsGood() throws {
        let diagnosis = Diagnosis(history([.frechet: [234, 176, 167, 161, 161, 162, 161, 161, 160]]))
        #expect(diagnosis.verdict == .failed && diagnosis.findings.map(\.pattern) == [.neverLearns])
        // It still improves.
        #expect(Diagnosis(history([.frechet: [400, 350, 310, 270, 230, 200, 170, 145, 120]])).findings.isEmpty)
        #expect(Diagnosis(history([.inception: [1.03, 1.12, 1.14, 1.08]])).findings.map(\.pattern) == [.neverLearns])
    }

    /// What the losses seem to say is taken back by a score that is good.
    @Test func aFairScoreMutesTheLosses() {
        let won = (generator: 12.0, discriminator: 0.0002)
        #expect(Diagnosis(history([:], losses: won)).verdict == .failed)
        #expect(
            Diagnosis(history([.frechet: [90, 60, 40, 30, 28, 27, 27, 26, 26, 25]], losses: won)).verdict == .warning)
        #expect(Diagnosis(history([.frechet: [90, 60, 40, 30, 28, 27, 27, 26, 26, 25]])).verdict == .healthy)
    }

    @Test func aLossThatHasStopped() {
        var history = History(objective: .hinge)
        history.context.isObjectiveKnown = false
        for step in 1...600 {
            history.append(.lossGenerator, step: step, value: 0.3 + 0.01 * Double(step % 5))
            for series in [SeriesName.lossDiscriminatorReal, .lossDiscriminatorFake] {
                history.append(series, step: step, value: step < 100 ? 0.5 + 0.01 * Double(step % 3) : 0.5)
            }
        }
        #expect(Diagnosis(history).findings.map(\.pattern) == [.frozenLoss])
    }

    /// Few equal values show it if they have many digits.
    @Test(arguments: [(7.971192, true), (7.9712, false)])
    func aLossThatStandsStillInFewRows(_ value: Double, _ isFound: Bool) {
        var history = History(objective: .hinge, windowLength: 1)
        history.context.isObjectiveKnown = false
        history.windowsNeeded = 5
        for step in 1...15 { history.append(.lossDiscriminator, step: step, value: value) }
        #expect(Diagnosis(history).findings.contains { $0.pattern == .frozenLoss } == isFound)
    }

    /// One row is enough for a loss that no sum of losses can be.
    @Test(arguments: [(4.9e25, true), (4.9e9, false)])
    func aLossThatIsOutOfHandAtOnce(_ value: Double, _ isFound: Bool) {
        var history = History(objective: .nonSaturating, windowLength: 1)
        for series in [SeriesName.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake] {
            history.append(series, step: 1, value: series == .lossGenerator ? value : 0.3)
        }
        #expect(Diagnosis(history).findings.contains { $0.pattern == .explodingLosses } == isFound)
    }
}
