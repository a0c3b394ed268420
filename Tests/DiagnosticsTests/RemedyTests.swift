import Diagnostics
import Foundation
import Measurements
import Recipes
import Testing

@Suite struct RemedyTests {
    private func remedies(
        _ pattern: Pattern = .completeCollapse,
        _ evaluations: [SeriesName: Double] = [.diversity: 0.05, .duplicates: 0.9, .missingBins: 0.9],
        _ change: (inout TrainingConfiguration) -> Void
    ) -> [Remedy] {
        var configuration = TrainingConfiguration()
        change(&configuration)
        var history = History(configuration)
        for step in [1, 2, 3] {
            for (series, value) in evaluations { history.append(series, step: step, value: value) }
        }
        return Diagnosis(history).findings.first { $0.pattern == pattern }?.remedies ?? []
    }

    @Test func whoLearnedByHeartIsGivenTheWholeData() throws {
        let copies: [SeriesName: Double] = [.diversity: 1, .memorized: 0.8, .memorizedHeldOut: 0]
        func remedies(_ limit: Int) -> [Remedy] {
            self.remedies(.memorization, copies) {
                ($0.data.limit, $0.training.batchSize, $0.training.epochs) = (limit, 16, 500)
            }
        }
        // The same number of passes over all of the data would take too long, so the steps are limited.
        #expect(remedies(40).first?.change == ["data.limit": 0, "training.maxSteps": 1000])
        #expect(!remedies(0).isEmpty && remedies(0).allSatisfy { $0.change["data.limit"] == nil })
    }

    @Test func fewExamplesAreFirstToBeMendedWhateverElseIsFound() throws {
        var configuration = TrainingConfiguration()
        (configuration.data.limit, configuration.network.latent) = (40, 2)
        var history = History(configuration)
        for step in [1, 2, 3] {
            for (series, value) in [
                (SeriesName.diversity, 0.05), (.duplicates, 0.9), (.missingBins, 0.9), (.memorized, 0.8),
                (.memorizedHeldOut, 0),
            ] {
                history.append(series, step: step, value: value)
            }
        }
        let diagnosis = Diagnosis(history)
        #expect(diagnosis.findings.count > 1)
        #expect(diagnosis.changes.first?.remedy.change["data.limit"] == 0)
        #expect(diagnosis.changes.dropFirst().first?.remedy.change == ["network.latent": 100])
    }

    @Test func aSmallLatentSpaceComesFirst() throws {
        let remedies = remedies { $0.network.latent = 2 }
        #expect(remedies.first?.change == ["network.latent": 100])
        for remedy in remedies {
            #expect(!remedy.why.isEmpty && !remedy.source.isEmpty)
            // Every change makes a configuration that can be trained.
            _ = try TrainingConfiguration().applying(remedy.change).validated()
        }
    }

    @Test func adviceThatIsFollowedIsNotGivenAgain() {
        let paths = Set(remedies { $0.training.batchSize = 1024 }.flatMap(\.change.keys))
        for path in [
            "network.latent", "optimizer.generator.learningRate", "optimizer.generator.beta1", "training.batchSize",
        ] {
            #expect(!paths.contains(path))
        }
        let more = Set(
            remedies {
                $0.optimizer.generator.learningRate = 0.01
                $0.optimizer.discriminator.beta1 = 0.9
            }.flatMap(\.change.keys))
        #expect(more.isSuperset(of: ["optimizer.generator.learningRate", "optimizer.discriminator.beta1"]))
        #expect(!more.contains("optimizer.discriminator.learningRate") && !more.contains("optimizer.generator.beta1"))
    }
}
