import Diagnostics
import Measurements
import Recipes
import Testing

/// Remedies fit what is known of a training, and none helps the player that is ahead anyway.
@Suite struct BalanceTests {
    private static let collapsed = VerdictTests.good.merging([
        .diversity: 0.05, .duplicates: 0.9, .missingBins: 0.9,
    ]) { $1 }

    private func titles(_ history: History) -> [String] { Diagnosis(history).remedies.map(\.remedy.title) }

    /// A collapse under a discriminator whose losses are near 0.001, in a run whose settings are all usual ones.
    @Test func aDiscriminatorThatIsAheadIsNotHelped() throws {
        let evaluations = [600: Self.collapsed, 1200: Self.collapsed]
        let ahead = titles(VerdictTests.history(steps: 1200, VerdictTests.won, evaluations: evaluations))
        #expect(ahead.first == "Slow the discriminator down", "\(ahead)")
        #expect(!ahead.contains("Take more discriminator steps") && !ahead.contains("Strengthen the discriminator"))
        let place = try #require(ahead.firstIndex(of: "Smooth the labels of real examples"))
        #expect(place < ahead.firstIndex(of: "Use larger batches") ?? .max)
        let balanced = titles(VerdictTests.history(steps: 1200, evaluations: evaluations))
        #expect(balanced.first == "Take more discriminator steps", "\(balanced)")
        #expect(!balanced.contains("Slow the discriminator down"))
        // The losses need not be near zero where the generator's tells that the discriminator is sure.
        let sure = VerdictTests.won.merging([
            .lossGenerator: 6, .lossDiscriminatorReal: 0.06, .lossDiscriminatorFake: 0.05,
        ]) {
            $1
        }
        let beaten = titles(VerdictTests.history(steps: 1200, sure, evaluations: evaluations))
        #expect(beaten.first == "Slow the discriminator down" && !beaten.contains("Take more discriminator steps"))
        // What is clearly out of the usual still comes first.
        var configuration = TrainingConfiguration()
        configuration.network.latent = 1
        let latent = titles(
            VerdictTests.history(
                steps: 1200, VerdictTests.won, evaluations: evaluations, configuration: configuration))
        #expect(latent.first == "Give the generator a larger latent space")
    }

    @Test func anotherProgramsRemediesFitWhatIsGiven() throws {
        func remedies(_ facts: [String]) throws -> [Remedy] {
            var history = VerdictTests.history(steps: 1200, VerdictTests.won, configuration: nil)
            history.facts = try Facts(facts)
            return Diagnosis(history).remedies.map(\.remedy)
        }
        let unknown = try remedies([])
        #expect(unknown.contains { $0.title == "If the learning rate is above 0.0005, lower it to 0.0002" })
        #expect(unknown.allSatisfy { $0.change.isEmpty }, "\(unknown)")
        #expect(unknown.first?.title.contains("discriminator's learning rate") == true, "\(unknown.map(\.title))")
        let high = try remedies(["learningRate=0.02", "beta1=0.5"])
        #expect(high.first?.title == "Lower the learning rates", "\(high.map(\.title))")
        #expect(high.first?.change["optimizer.generator.learningRate"] == 0.0002)
        #expect(!high.contains { $0.title.contains("beta1") })
        let ofOne = try remedies(["generator.learningRate=0.02", "discriminator.learningRate=0.02"])
        #expect(ofOne.first?.title == "Lower the learning rates", "\(ofOne.map(\.title))")
        let low = try remedies(["optimizer.learningRate=0.0002", "optimizer=adam", "discriminatorSteps=1"])
        #expect(
            !low.contains { $0.title.contains("plain gradient descent") || $0.title.contains("above 0.0002") })
        #expect(low.first?.change == ["optimizer.discriminator.learningRate": 0.00005], "\(low.map(\.title))")
    }

    @Test(arguments: ["rate=1", "learningRate", "learningRate=fast", "beta1=7", "=3"])
    func whatIsNoFactIsRefused(_ assignment: String) {
        #expect(throws: ConfigurationError.self) { _ = try Facts([assignment]) }
    }
}
