import Diagnostics
import Foundation
import Studies
import Testing

/// The published recall is computed by these types.
@Suite struct ZooTests {
    /// A checkpoint's truth: collapsed, too far from the data, or sound.
    private func truth(_ step: Int, populated: Double = 1, distance: Double = 0.1) -> ZooOutcome.Truth {
        ZooOutcome.Truth(
            step: step,
            truth: GroundTruth(
                populated: populated, withinDiversity: 1, distance: distance, covered: 0.9, isMixture: false))
    }

    private func saying(
        _ step: Int, _ failures: Set<Finding.Failure> = [], isAlarm: Bool = false,
        verdict: Diagnosis.Verdict? = nil
    ) -> ZooOutcome.Saying {
        ZooOutcome.Saying(
            step: step, verdict: verdict ?? (failures.isEmpty ? .healthy : .failed), failures: failures,
            patterns: failures.isEmpty ? [] : [.partialCollapse], isAlarm: isAlarm)
    }

    @Test func twoOfTheLastThreeCheckpointsDecideWhatIsTrue() {
        func label(_ populated: Double...) -> [Finding.Failure] {
            let truths = populated.enumerated().map { truth($0 * 10, populated: $1) }
            return ZooOutcome(recipe: "r", seed: 1, truths: truths, diagnoses: []).label
        }
        #expect(label(1, 0.8, 1, 0.8) == [.modeCollapse])
        #expect(label(0.8, 0.8, 1, 1, 0.8) == [])
        #expect(label(0.89, 0.89, 0.89) == [], "one of ten classes lost is a warning, not a failure")
        #expect(label() == [])
    }

    @Test func theTruthIsDatedToWhereItHoldsToTheEnd() {
        let populated = [0.5, 1, 1, 1, 0.5, 0.5, 1, 0.5]
        let truths = populated.enumerated().map { truth(($0 + 1) * 100, populated: $1) }
        let outcome = ZooOutcome(
            recipe: "r", seed: 1, truths: truths,
            diagnoses: [
                saying(100, [.modeCollapse]), saying(300), saying(550, [.modeCollapse]), saying(800, [.modeCollapse]),
            ])
        #expect(outcome.trueSince == 500)
        #expect(outcome.saidSince == 550)
        #expect(outcome.saidFailed == [[100, 100], [550, 800]])
        #expect(outcome.isFailed && outcome.isCalled)
    }

    @Test func anAlarmIsRightIfTheRunWasFailedThen() {
        let truths = [
            truth(100), truth(200, distance: 0.9), truth(300, distance: 0.9), truth(400), truth(500), truth(600),
        ]
        func outcome(alarmAt step: Int) -> ZooOutcome {
            ZooOutcome(
                recipe: "r", seed: 1, truths: truths,
                diagnoses: [saying(50), saying(step, [.convergenceFailure], isAlarm: true), saying(700)])
        }
        #expect(outcome(alarmAt: 350).stoppedAt == 350 && outcome(alarmAt: 350).wasFailedThen == true)
        #expect(outcome(alarmAt: 650).wasFailedThen == false)
        #expect(outcome(alarmAt: 350).isFailed == false && outcome(alarmAt: 350).isCalled == false)
    }

    @Test func theSharesAreThoseOfTheConfusionMatrix() throws {
        func outcome(_ isFailed: Bool, _ isCalled: Bool, isUndecided: Bool = false) -> ZooOutcome {
            let truths = (1...3).map { truth($0, populated: isFailed ? 0.5 : 1) }
            let last = saying(9, isCalled ? [.modeCollapse] : [], verdict: isUndecided ? .undecided : nil)
            return ZooOutcome(recipe: "r", seed: 1, truths: truths, diagnoses: [last])
        }
        let outcomes =
            [outcome(true, true), outcome(true, true), outcome(true, true), outcome(true, false)]
            + [
                outcome(false, true), outcome(false, false), outcome(false, false),
                outcome(false, false, isUndecided: true),
            ]
        let report = ZooReport(outcomes)
        #expect(report.failedAndCalled == 3 && report.failedAndMissed == 1)
        #expect(report.soundAndCalled == 1 && report.soundAndLeft == 3)
        #expect(report.failedAndUndecided == 0 && report.soundAndUndecided == 1)
        #expect(report.recall == 0.75 && report.precision == 0.75 && report.falseAlarms == 0.25)
        #expect(ZooReport([]).recall.isNaN)
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(ZooReport([]))) as? [String: Any]
        #expect(json?["recall"] as? String == "NaN")
    }

    @Test func aRetryIsHealedWhereTheTruthIs() {
        let failed = ZooOutcome(
            recipe: "r", seed: 1, truths: (1...3).map { truth($0, populated: 0.5) },
            diagnoses: [saying(9, [.modeCollapse])])
        let unseen = ZooOutcome(
            recipe: "r+remedy", seed: 1, truths: (1...3).map { truth($0, populated: 0.5) }, diagnoses: [saying(9)])
        let retry = ZooRetry(remedy: "a larger latent space", before: failed, after: unseen)
        #expect(retry.isHealed && !retry.isTrulyHealed)
    }
}
