import Foundation
import Recipes
import Testing

@testable import Training

@Suite struct ScheduleTests {
    private func factors(_ kind: ScheduleKind, warmUp: Int = 0, steps: Int = 8) -> [Double] {
        let schedule = LearningRateSchedule(kind: kind, warmUp: warmUp, totalSteps: steps)
        return (1...steps).map(schedule.factor)
    }

    @Test func theStepSizeFalls() {
        #expect(factors(.constant) == Array(repeating: 1, count: 8))
        #expect(factors(.linear) == [1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125])
        let half = 0.5.squareRoot()
        for (factor, expected) in zip(factors(.cosine, steps: 4), [1, (1 + half) / 2, 0.5, (1 - half) / 2]) {
            #expect(abs(factor - expected) < 1e-12)
        }
    }

    @Test func itRisesFirst() {
        #expect(factors(.constant, warmUp: 3) == [0.25, 0.5, 0.75, 1, 1, 1, 1, 1])
        // Four of eight steps to fall in.
        #expect(factors(.linear, warmUp: 4) == [0.2, 0.4, 0.6, 0.8, 1, 0.75, 0.5, 0.25])
        #expect(factors(.cosine, warmUp: 100).allSatisfy { $0 > 0 && $0 < 0.1 })
    }
}
