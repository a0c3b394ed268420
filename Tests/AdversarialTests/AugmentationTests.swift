import Adversarial
import Networks
import Recipes
import TestSupport
import Testing
import Torch

@Suite struct AugmentationTests {
    @Test(arguments: ["color", "translation", "cutout", "color,translation,cutout"])
    func theChangesAreThoseOfTheFormulas(_ words: String) throws {
        let fixture = try Fixture.load("augmentation")
        let augmentation = try Augmentation(#require(AugmentationPolicy(rawValue: words)))
        let changed = try augmentation(fixture.tensor("images"), draws: fixture.tensor("draws"))
        #expect(try changed.relativeDifference(to: fixture.tensor(words.contains(",") ? "all" : words)) < 1e-5)
    }

    @Test func theGeneratorLearnsThroughThem() throws {
        let fixture = try Fixture.load("augmentation")
        let images = try fixture.tensor("images").to(.float64)
        let draws = try fixture.tensor("draws").to(.float64)
        let augmentation = try Augmentation(#require(AugmentationPolicy(rawValue: "color,translation,cutout")))
        func value(_ images: Tensor) throws -> Tensor {
            let changed = try augmentation(images, draws: draws)
            return try (changed * changed * changed).sum()
        }
        let input = try images.requiringGradient()
        let slopes: [Double] = try gradients(of: value(input), for: [input])[0].values()
        let numbers: [Double] = try images.values()
        for place in stride(from: 0, to: numbers.count, by: 97) {
            func moved(_ change: Double) throws -> Double {
                var numbers = numbers
                numbers[place] += change
                return try value(Tensor(numbers, shape: images.shape)).item()
            }
            let difference = try (moved(1e-5) - moved(-1e-5)) / 2e-5
            #expect(abs(difference - slopes[place]) <= 1e-5 * max(1, abs(difference)), "\(place)")
        }
    }

    /// A game whose discriminator answers the same to everything.
    private func probability(answer: Double, steps: Int) throws -> Double? {
        try RandomNumbers.exclusively(seed: 1) {
            let judge = try Linear(64, 1)
            try withoutGradients {
                try judge.weight.fillInPlace(0)
                try judge.bias?.fillInPlace(answer)
            }
            let generator = try Player(Sequential(Linear(3, 64), ToImage(channels: 1, height: 8, width: 8))) {
                try SGD($0, learningRate: 0)
            }
            let discriminator = try Player(Sequential(Flatten(), judge)) { try SGD($0, learningRate: 0) }
            var rules = Game.Rules(latent: LatentSpace(dimensions: 3), microBatch: 2)
            rules.augmentation = try Augmentation(AugmentationPolicy([.translation]), target: 0.6)
            let game = Game(
                generator: generator, discriminator: discriminator, loss: NonSaturatingLoss(), rules: rules)
            var last: Double?
            for step in 1...steps {
                last = try game.step(Tensor.zeros([5, 1, 8, 8]), number: step).read()
                    .first { $0.name == "augmentation_probability" }?.value
            }
            return last
        }
    }

    @Test func theProbabilityFollowsTheDiscriminatorsSureness() throws {
        let sure = try #require(try probability(answer: 2, steps: 4))
        #expect(abs(sure - 4 * 5 / 500_000) < 1e-9)
        #expect(try probability(answer: -2, steps: 4) == 0)
    }

    /// An image is changed where its number is under the probability, and nowhere else.
    @Test func theProbabilityDecidesWhichImagesAreChanged() throws {
        let fixture = try Fixture.load("augmentation")
        let (images, draws) = (try fixture.tensor("images"), try fixture.tensor("draws"))
        let augmentation = try Augmentation(AugmentationPolicy([.color]), target: 0.6)
        var rules = Game.Rules(latent: LatentSpace(dimensions: 1), microBatch: 1)
        rules.augmentation = augmentation
        // Also a layer whose weights do not matter draws them, where others count on the same numbers.
        let player = try RandomNumbers.exclusively { try Player(Linear(1, 1)) { try SGD($0, learningRate: 0) } }
        let game = Game(generator: player, discriminator: player, loss: NonSaturatingLoss(), rules: rules)
        try #require(game.state.first).tensor.fillInPlace(0.5)
        let (changed, always) = (try augmentation(images, draws: draws), try fixture.tensor("color"))
        let numbers: [Float] = try draws.values()
        let isDue = (0..<images.shape[0]).map { numbers[$0 * 10 + 7] < 0.5 }
        #expect(Set(isDue).count == 2)
        for (index, isDue) in isDue.enumerated() {
            let expected = try (isDue ? always : images).slice(index..<index + 1)
            #expect(try changed.slice(index..<index + 1).relativeDifference(to: expected) < 1e-5, "\(index)")
        }
    }

    @Test func policiesAreRead() {
        #expect(AugmentationPolicy(rawValue: "none")?.changes == [])
        #expect(AugmentationPolicy(rawValue: "cutout, color")?.rawValue == "color,cutout")
        for words in ["", "flip", "color,", "color,color", "none,color"] {
            #expect(AugmentationPolicy(rawValue: words) == nil, "\(words)")
        }
    }
}
