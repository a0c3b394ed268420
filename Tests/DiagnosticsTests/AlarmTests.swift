import Diagnostics
import Measurements
import Recipes
import Testing

@Suite struct AlarmTests {
    /// A training that is asked after each evaluation; `failing` says whether its samples are all alike then, and
    /// `known` that the failure is acknowledged after the third.
    private func ringing(
        evaluations: Int, known: Bool = false, _ failing: (Int) -> Bool
    ) -> [Int] {
        var history = History(objective: .nonSaturating)
        var alarm = Alarm()
        return (1...evaluations).filter { evaluation in
            let isFailing = failing(evaluation)
            for (series, value) in [
                (SeriesName.diversity, isFailing ? 0.05 : 0.95), (.duplicates, isFailing ? 1 : 0),
                (.missingBins, isFailing ? 0.9 : 0.02),
            ] { history.append(series, step: evaluation * 100, value: value) }
            alarm.receive(Diagnosis(history, state: .running(isAlarmed: alarm.isRinging)), of: history)
            if known, evaluation == 3 { alarm.acknowledge() }
            return alarm.isRinging
        }
    }

    @Test func aFailureMustLast() {
        // Two evaluations make a finding, six more an alarm.
        #expect(ringing(evaluations: 12) { _ in true } == Array(8...12))
        #expect(ringing(evaluations: 12) { $0 <= 7 } == [])
        // It begins anew after a pause, and ends with the failure.
        #expect(ringing(evaluations: 20) { $0 != 6 } == Array(13...20))
        #expect(ringing(evaluations: 12) { $0 <= 9 } == [8, 9])
    }

    @Test func aKnownFailureRingsOnlyWhenItComesBack() {
        #expect(ringing(evaluations: 12, known: true) { _ in true } == [])
        #expect(ringing(evaluations: 24, known: true) { !(5...7).contains($0) }.first == 15)
    }

    @Test func withoutSamplesStepsCount() {
        var history = History(objective: .nonSaturating)
        var alarm = Alarm()
        var first: Int?
        for step in 1...2000 {
            for (series, value) in [
                (SeriesName.lossGenerator, 8), (.lossDiscriminatorReal, 0.001), (.lossDiscriminatorFake, 0.001),
                (.probabilityReal, 1), (.probabilityFake, 0), (.gradientNormGenerator, 1),
                (.gradientNormDiscriminator, 1),
            ] as [(SeriesName, Double)] { history.append(series, step: step, value: value) }
            guard step % 20 == 0 else { continue }
            alarm.receive(Diagnosis(history, state: .running(isAlarmed: alarm.isRinging)), of: history)
            if alarm.isRinging, first == nil { first = step }
        }
        // Ten windows to settle, ten that it lasts, thirty more.
        #expect((800...1010).contains(first ?? 0), "\(first ?? 0)")
    }

    @Test func valuesThatAreNotFiniteRingAtOnce() {
        var history = History(objective: .nonSaturating)
        var alarm = Alarm()
        for step in 1...20 { history.append(.lossGenerator, step: step, value: step < 20 ? 1 : .nan) }
        alarm.receive(Diagnosis(history, state: .running(isAlarmed: alarm.isRinging)), of: history)
        #expect(alarm.isRinging)
    }
}
