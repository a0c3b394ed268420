import Diagnostics
import Foundation
import Measurements
import Recipes
import Testing

/// When a verdict is healthy, and when too little is known for one.
@Suite struct VerdictTests {
    /// Losses in balance.
    static let balanced: [SeriesName: Double] = [
        .lossGenerator: 0.9, .lossDiscriminatorReal: 0.6, .lossDiscriminatorFake: 0.6, .probabilityReal: 0.57,
        .probabilityFake: 0.43, .gradientNormGenerator: 2, .gradientNormDiscriminator: 5,
    ]
    /// A discriminator that tells everything apart.
    static let won: [SeriesName: Double] = [
        .lossGenerator: 12, .lossDiscriminatorReal: 1e-5, .lossDiscriminatorFake: 1e-5, .probabilityReal: 1,
        .probabilityFake: 0, .gradientNormGenerator: 2, .gradientNormDiscriminator: 5,
    ]
    static let good: [SeriesName: Double] = [
        .ndb: 0.4, .ndbHeldOut: 0.05, .jensenShannon: 0.04, .jensenShannonHeldOut: 0.011, .binDrift: 0.03,
        .missingBins: 0.03, .diversity: 0.97, .duplicates: 0, .memorized: 0.02, .memorizedHeldOut: 0.05,
        .precision: 0.6, .coverage: 0.45,
    ]
    /// Blots: six in ten bins are missing, and hardly any real example has one near it.
    static let terrible = good.merging([
        .ndb: 0.95, .missingBins: 0.6, .jensenShannon: 0.4, .precision: 0.02, .coverage: 0.01,
    ]) { $1 }

    /// A run of this program (with a configuration) or of another.
    static func history(
        steps: Int, _ losses: [SeriesName: Double] = balanced, evaluations: [Int: [SeriesName: Double]] = [:],
        configuration: TrainingConfiguration? = TrainingConfiguration(), objective: Objective = .nonSaturating
    ) -> History {
        var history = History(objective: objective, configuration: configuration)
        for step in stride(from: 1, through: steps, by: 1) {
            // Losses that never change are a failure of their own.
            let wobble = 1 + 0.03 * sin(Double(step) * 1.7)
            for (series, value) in losses { history.append(series, step: step, value: value * wobble) }
            for (series, value) in evaluations[step] ?? [:] { history.append(series, step: step, value: value) }
        }
        return history
    }

    private func text(_ diagnosis: Diagnosis) -> String {
        (diagnosis.notes + diagnosis.unseen + diagnosis.judged.sentences).joined(separator: "\n")
    }

    @Test func goodEvaluationsAreHealthy() {
        let history = Self.history(steps: 1200, evaluations: [600: Self.good, 1200: Self.good])
        for state in [Diagnosis.State.ended, .running(isAlarmed: false)] {
            let diagnosis = Diagnosis(history, state: state)
            #expect(diagnosis.verdict == .healthy && diagnosis.findings.isEmpty, "\(diagnosis)")
            #expect(diagnosis.judged.losses == "no failure seen" && diagnosis.judged.modeCollapse == "no failure seen")
        }
    }

    /// Samples that are neither failed nor near the data are not called healthy.
    @Test func crudeSamplesAreUndecided() {
        func diagnosis(coverage: Double) -> Diagnosis {
            let evaluation = Self.good.merging([.coverageFeatures: coverage]) { $1 }
            return Diagnosis(Self.history(steps: 1200, evaluations: [600: evaluation, 1200: evaluation]))
        }
        let crude = diagnosis(coverage: 0.1)
        #expect(crude.verdict == .undecided && crude.judged.quality == "undecided: the samples are crude", "\(crude)")
        #expect(
            text(crude).contains("10 % of the real examples")
        )
        #expect(diagnosis(coverage: 0.3).verdict == .healthy)
        #expect(diagnosis(coverage: 0.03).verdict == .failed)
    }

    /// A few rows get what they tell, though no verdict.
    @Test func fiveRowsTellWhereTheLossesAre() {
        let diagnosis = Diagnosis(Self.history(steps: 100, configuration: nil))
        #expect(diagnosis.verdict == .undecided)
        #expect(text(diagnosis).contains("add up to 1.2 (a balanced game has 1.39)"), "\(diagnosis)")
    }

    /// One evaluation, the last of a short training, that looks terrible: there will be no other.
    @Test func aTerribleLastEvaluationIsJudged() throws {
        let history = Self.history(steps: 350, evaluations: [350: Self.terrible])
        let ended = Diagnosis(history)
        #expect(ended.verdict == .failed && ended.findings.contains { $0.pattern == .badQuality }, "\(ended)")
        // While it runs another one may tell more.
        let running = Diagnosis(history, state: .running(isAlarmed: false))
        #expect(running.verdict == .undecided && running.findings.isEmpty)
        #expect(text(running).contains("60 % of the data's bins"), "\(running)")
    }

    @Test func aTerribleNewestEvaluationIsNeverHealthy() {
        let evaluations = [400: Self.good, 800: Self.good, 1200: Self.terrible]
        let diagnosis = Diagnosis(Self.history(steps: 1200, evaluations: evaluations))
        #expect(diagnosis.verdict == .undecided, "\(diagnosis)")
        #expect(text(diagnosis).contains("newest evaluation (step 1200)"), "\(diagnosis)")
        #expect(diagnosis.judged.quality.hasPrefix("undecided: bad-quality"))
    }

    @Test func aRunOfThreeStepsIsUndecided() {
        for evaluations in [[:], [3: Self.terrible]] {
            let diagnosis = Diagnosis(Self.history(steps: 3, evaluations: evaluations))
            #expect(diagnosis.verdict == .undecided && !diagnosis.unseen.isEmpty, "\(diagnosis)")
        }
        #expect(Diagnosis(History(TrainingConfiguration())).verdict == .undecided)
        // What is not a number does not need to last.
        let broken = Self.history(steps: 3, Self.balanced.merging([.lossGenerator: .nan]) { $1 })
        #expect(Diagnosis(broken).verdict == .failed)
    }

    @Test func lossesAloneEarnItWhereTheyHaveAScale() {
        func verdict(_ steps: Int, _ objective: Objective, _ losses: [SeriesName: Double] = Self.balanced) -> Diagnosis
        {
            Diagnosis(Self.history(steps: steps, losses, configuration: nil, objective: objective))
        }
        let healthy = verdict(600, .nonSaturating)
        #expect(healthy.verdict == .healthy && healthy.judged.modeCollapse == "not judged: no samples")
        #expect(
            healthy.judged.sentences.prefix(2)
                == ["Losses: no failure seen.", "Mode collapse: not judged (no samples)."])
        #expect(verdict(600, .leastSquares, Self.balanced.mapValues { 0.3 * $0 }).verdict == .healthy)
        // Squares as large as these are worse than guessing, which costs 0.25 each.
        #expect(verdict(600, .leastSquares).verdict == .undecided)
        for objective in [Objective.wasserstein, .hinge, .relativistic, .began] {
            let diagnosis = verdict(600, objective)
            #expect(diagnosis.verdict == .undecided && text(diagnosis).contains("samples are needed"), "\(diagnosis)")
        }
        #expect(verdict(300, .nonSaturating).verdict == .undecided)
        let onePlayer = verdict(600, .nonSaturating, [.lossGenerator: 0.9])
        #expect(onePlayer.verdict == .undecided && text(onePlayer).contains("one player"))
    }

    /// Losses of 700 that have not lasted for long enough to be a finding.
    @Test(arguments: [100, 160]) func lossesThatHaveJustExplodedAreNotHealthy(_ length: Int) {
        var history = Self.history(steps: 600, configuration: nil)
        for step in 601...600 + length {
            for series in [SeriesName.lossGenerator, .lossDiscriminatorReal, .lossDiscriminatorFake] {
                history.append(series, step: step, value: 700)
            }
        }
        let diagnosis = Diagnosis(history)
        #expect(diagnosis.verdict == .undecided && text(diagnosis).contains("2100"), "\(diagnosis)")
        #expect(diagnosis.judged.losses.contains("exploding-losses"))
    }

    @Test func aLiveFailureIsASignUntilTheAlarm() {
        let history = Self.history(steps: 1000, Self.won)
        let sign = Diagnosis(history, state: .running(isAlarmed: false))
        #expect(sign.verdict == .warning && sign.isFailing && text(sign).contains("signs"), "\(sign)")
        #expect(sign.judged.losses.hasPrefix("signs of failure: discriminator-wins"))
        for state in [Diagnosis.State.ended, .running(isAlarmed: true)] {
            let failure = Diagnosis(history, state: state)
            #expect(failure.verdict == .failed && failure.findings == sign.findings)
            #expect(failure.judged.losses.hasPrefix("failure seen: discriminator-wins"))
        }
    }

    @Test func tooFewSamplesDecideNothing() {
        let few = Self.good.merging([.jensenShannonHeldOut: 0.3]) { $1 }
        let diagnosis = Diagnosis(Self.history(steps: 0, evaluations: [:], configuration: nil))
        #expect(diagnosis.verdict == .undecided)
        let judged = Diagnosis(Self.history(steps: 1200, evaluations: [600: few, 1200: few]))
        #expect(judged.verdict == .undecided && text(judged).contains("too few"), "\(judged)")
    }

    /// Only the clauses whose thresholds are broken.
    @Test(arguments: [
        ([SeriesName.diversity: 0.05], "diverse", "near-duplicates"),
        ([.diversity: 0.7, .duplicates: 0.9, .missingBins: 0.8], "near-duplicates", "diverse"),
    ])
    func aSummarySaysWhatIsBroken(_ values: [SeriesName: Double], _ said: String, _ unsaid: String) throws {
        let bad = Self.good.merging(values) { $1 }
        let diagnosis = Diagnosis(Self.history(steps: 1200, evaluations: [600: bad, 1200: bad]))
        let finding = try #require(diagnosis.findings.first { $0.pattern == .completeCollapse }, "\(diagnosis)")
        #expect(finding.summary.contains(said) && !finding.summary.contains(unsaid), "\(finding.summary)")
    }
}
