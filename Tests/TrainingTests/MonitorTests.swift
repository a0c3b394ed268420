import Adversarial
import DataFiles
import Datasets
import Diagnostics
import Evaluation
import Foundation
import Measurements
import Recipes
import Runs
import TestSupport
import Testing
import Torch
import Training

@Suite struct MonitorTests {
    private func watched(_ change: (inout TrainingConfiguration) -> Void = { _ in }) -> TrainingConfiguration {
        tinyConfiguration {
            $0.training.batchSize = 20
            $0.training.epochs = 6
            $0.monitor.everyImages = 160
            $0.monitor.samples = 64
            $0.monitor.budget = 1
            change(&$0)
        }
    }

    /// Trains on made-up images, with a monitor or without.
    private func train(
        _ configuration: TrainingConfiguration, isWatched: Bool = true, stops: Bool = false
    ) throws -> (witness: Witness, trainer: Trainer, outcome: RunOutcome) {
        let directory = try TemporaryFolder()
        let witness = Witness()
        return try RandomNumbers.exclusively {
            let data = try discs(160)
            let trainer = try Trainer(configuration, data: data, device: .cpu)
            if isWatched {
                let probe = try SampleProbe.make(data, store: ReferenceStore(folder: directory.url), device: .cpu)
                trainer.monitor = try Monitor(configuration, probe: probe, device: .cpu)
            }
            trainer.stopsOnFailure = stops
            trainer.observe(witness)
            return (witness, trainer, try trainer.run())
        }
    }

    @Test func watchingChangesNothing() throws {
        let watched = try train(watched())
        let unwatched = try train(self.watched(), isWatched: false)
        #expect(watched.witness.losses == unwatched.witness.losses && watched.witness.warnings.isEmpty)
        for (a, b) in zip(watched.trainer.game.generator.parameters, unwatched.trainer.game.generator.parameters) {
            #expect(try a.isIdentical(to: b))
        }
    }

    @Test func samplesAreScoredEverySoManyImages() throws {
        let (witness, _, _) = try train(watched())
        let evaluations = witness.events.compactMap {
            if case .evaluated(let measurement) = $0 { measurement } else { nil }
        }
        #expect(evaluations.map(\.imagesSeen) == [160, 320, 480, 640, 800, 960])
        let last = try #require(evaluations.last)
        // A cloud of images without labels has no classes, and no modes that lie apart.
        for series in SeriesName.perEvaluation
        where series != .missingModes && !SeriesName.byClassifier.contains(series) {
            #expect(last[series]?.isFinite == true, "\(series)")
        }
        #expect(
            try train(watched { $0.monitor.everyImages = 0 }).witness.events.allSatisfy {
                if case .evaluated = $0 { false } else { true }
            })
    }

    private func evaluatedSteps(_ configuration: TrainingConfiguration) throws -> [Int] {
        try train(configuration).witness.events.compactMap {
            if case .evaluated(let measurement) = $0 { measurement.step } else { nil }
        }
    }

    /// Data of which one training never sees `everyImages`: a twentieth of the training after its first 200 steps, and its end.
    @Test func shortTrainingsAreEvaluatedByTheirShares() throws {
        let few = watched { $0.monitor.everyImages = 20_000 }
        #expect(try evaluatedSteps(few) == [48])
        let (witness, _, _) = try train(few)
        let concluded = witness.events.compactMap {
            if case .concluded(let diagnosis, _, let position) = $0 { (diagnosis, position) } else { nil }
        }
        #expect(concluded.count == 1 && concluded.first?.0.verdict == .undecided && concluded.first?.1.step == 48)
        let longer = watched { ($0.monitor.everyImages, $0.training.epochs) = (20_000, 30) }
        #expect(try evaluatedSteps(longer) == [204, 216, 228, 240])
        let byImages = watched { ($0.monitor.everyImages, $0.monitor.evaluations, $0.training.epochs) = (4000, 0, 30) }
        #expect(try evaluatedSteps(byImages) == [200, 240])
    }

    /// A generator that does not learn makes nothing but noise: that is found, stops the run if it is to, and has a image.
    @Test func aFailureIsFoundAndStopsTheRun() throws {
        let failing = watched {
            $0.training.epochs = 40
            $0.optimizer.generator.learningRate = 1e-12
        }
        let (witness, trainer, outcome) = try train(failing, stops: true)
        let found = witness.events.compactMap { event -> (FindingRecord, Bool)? in
            if case .found(let record, let image) = event { (record, image != nil) } else { nil }
        }
        #expect(outcome == .stopped && trainer.hasFailed && trainer.position.step < 320)
        // It was a warning first, as long as the training had only begun, and has its image from then.
        let illustrated = Set(found.filter(\.1).map(\.0.finding.pattern))
        #expect(
            found.contains { $0.0.finding.severity >= 0.5 && illustrated.contains($0.0.finding.pattern) }, "\(found)")
        let (_, other, ended) = try train(failing)
        #expect(ended == .finished && !other.hasFailed && other.monitor?.findings.isEmpty == false)
    }

    @Test func whatARunHadRecordedIsTakenUp() throws {
        let configuration = watched()
        let (witness, trainer, _) = try train(configuration)
        let measurements = witness.events.compactMap { event -> StepRecord? in
            switch event {
            case .stepped(let measurement), .evaluated(let measurement): measurement
            default: nil
            }
        }
        let monitor = try Monitor(configuration, probe: nil, device: .cpu)
        monitor.restore(measurements, findings: [])
        for series in SeriesName.perStep + SeriesName.perEvaluation {
            #expect(monitor.history.windows(series) == trainer.monitor?.history.windows(series))
        }
    }

    @Test func tooFewExamplesGiveNoProbe() throws {
        let directory = try TemporaryFolder()
        let store = ReferenceStore(folder: directory.url)
        #expect(try SampleProbe.make(discs(11), store: store, device: .cpu) == nil)
        let probe = try #require(try SampleProbe.make(discs(12), store: store, device: .cpu))
        let copies = try discs(12).examples(Tensor((0..<48).map { Int64($0 % 12) }))
        let values = try probe.measure(copies)
        #expect(values.first { $0.series == .memorized }?.value == 1)
    }
}
