import Evaluation
import Foundation
import TestSupport
import Testing
import Torch

/// Each score against its formula, worked out in Python by `scores` in `Scripts/make_fixtures.py`.
@Suite struct ScoreTests {
    private let file: Safetensors
    private let real, fake: Tensor

    init() throws {
        file = try Fixture.load("scores")
        (real, fake) = (try file.tensor("real"), try file.tensor("fake"))
    }

    @Test func frechetDistance() throws {
        // In double precision, from float inputs.
        #expect(try abs(FrechetDistance.between(real, fake) - file.tensor("frechet").item()) < 1e-6)
        #expect(try FrechetDistance.between(real, real) < 1e-9)
        // Fewer examples than dimensions leave covariances without an inverse.
        #expect(try FrechetDistance.between(real.slice(0..<4), fake.slice(0..<3)).isFinite)
    }

    @Test func kernelDistance() throws {
        let distance = try KernelDistance(reference: real.slice(0..<200), samples: fake, subsets: 2)
        #expect(try abs(distance.value - file.tensor("kernel").item()) < 1e-9)
        #expect(distance.subsetSize == 200 && distance.standardError < 1e-9)
    }

    @Test func precisionRecallDensityCoverage() throws {
        let scores = try NeighborScores(reference: real, samples: fake)
        let expected: [Double] = try file.tensor("neighbors").values()
        for (value, expected) in zip([scores.precision, scores.recall, scores.density, scores.coverage], expected) {
            // In float, an example on the edge of a ball may fall either way: at most one of 200.
            #expect(abs(value - expected) < 0.0051)
        }
    }

    @Test func structuralSimilarity() throws {
        let images = try file.tensor("images")
        func chosen(_ indices: [Int64]) throws -> Tensor { try images.gathering(Tensor(indices)) }
        let values: [Float] = try StructuralSimilarity.between(chosen([0, 0, 1, 2]), chosen([0, 1, 2, 3])).values()
        let expected: [Double] = try file.tensor("similarities").values()
        #expect(values[0] == 1)
        for (value, expected) in zip(values, expected) { #expect(abs(Double(value) - expected) < 1e-4) }
    }

    @Test func diversityFallsWithCollapse() throws {
        let same = try Diversity(reference: real, samples: real)
        #expect(abs(same.ratio - 1) < 1e-6)
        let collapsed = try Diversity(reference: real, samples: fake * 0.01)
        #expect(collapsed.ratio < 0.02)
    }

    @Test func copiesOfTrainingExamples() throws {
        // Clusters as different in size as the classes of real data.
        let generator = try RandomGenerator(seed: 1)
        let centers = try Tensor.randomNormal([4, 40], from: generator) * 5
        let sizes = try Tensor([0.1, 0.5, 1, 2] as [Float]).unsqueezed(1)
        func points(_ count: Int) throws -> Tensor {
            let modes = try Tensor.randomIntegers(0..<4, [count], from: generator)
            let scatter = try Tensor.randomNormal([count, 40], from: generator)
            return try centers.gathering(modes) + scatter * sizes.gathering(modes)
        }
        let data = try points(3000)
        let finder = try #require(try CopyFinder(ReferenceExamples(data), by: PixelFeatures()))
        let fresh = try finder.memorization(of: points(400))
        #expect(fresh.share == 0 && fresh.heldOut == 0 && fresh.copies.isEmpty && fresh.count == 400)
        // A tenth of the samples are copies, with noise far below the distances within a cluster.
        let copied = try Tensor((0..<40).map { Int64($0 * 70) })
        let noisy = try data.gathering(copied) + Tensor.randomNormal([40, 40], from: generator) * 0.01
        let mixed = try finder.memorization(of: Tensor.concatenate([points(360), noisy]))
        #expect(abs(mixed.share - 0.1) < 1e-9 && mixed.copies.count == 16)
        #expect(mixed.copies.allSatisfy { $0.example == ($0.sample - 360) * 70 })
        // Examples that the data holds twice are no copies of each other, and copies of them are copies all the same.
        let twice = ReferenceExamples(try Tensor.concatenate([data, data]))
        let doubled = try #require(try CopyFinder(twice, by: PixelFeatures())).memorization(of: data.slice(0..<100))
        #expect(doubled.share == 1 && doubled.heldOut == 0)
        #expect(try CopyFinder(ReferenceExamples(data.slice(0..<9)), by: PixelFeatures()) == nil)
        let few = try #require(try CopyFinder(ReferenceExamples(data.slice(0..<10)), by: PixelFeatures()))
        #expect(try few.memorization(of: data.slice(0..<10)).share == 1)
        let plane = try Tensor.randomNormal([500, 2], from: generator)
        #expect(try CopyFinder(ReferenceExamples(plane), by: PixelFeatures()) == nil)
    }

    @Test func repeatedSamplesAreNearDuplicates() throws {
        let reference = try Tensor.randomNormal([2000, 6], from: RandomGenerator(seed: 1))
        let fresh = try Tensor.randomNormal([500, 6], from: RandomGenerator(seed: 2))
        let sound = try NearDuplicates(reference: reference, samples: fresh)
        // One in a hundred is expected of 500; more than 25 has a probability under 1e-8.
        #expect(sound.share < 0.05)
        // Fifty different samples, each made ten times: chance would give 500·499/2/50 pairs.
        let repeated = try fresh.gathering(Tensor((0..<500).map { Int64($0 % 50) }))
        let collapsed = try NearDuplicates(reference: reference, samples: repeated)
        #expect(collapsed.share == 1 && collapsed.pairs >= 50 * 45)
        #expect(abs((collapsed.estimatedSupport ?? 0) - 55) < 3)
        #expect(collapsed.groups.count == 8 && collapsed.groups.allSatisfy { $0.count >= 10 })
    }

    @Test func modesAreCounted() throws {
        var probabilities = [Float](repeating: 0.1, count: 40)
        for (row, mode) in [0, 0, 1, 3].enumerated() { probabilities[row * 10 + mode] = 0.9 }
        let score = try ModeScore(probabilities: Tensor(probabilities, shape: [4, 10]))
        #expect(score.modes == 3 && score.shares[0] == 0.5 && abs(score.confidence - 0.9) < 1e-6)
        let expected = 0.5 * log(5.0) + 2 * 0.25 * log(2.5)
        #expect(abs(score.reverseKL - expected) < 1e-12)
    }

    @Test func mixturesAreScoredAsPublished() throws {
        let centers = try Tensor([0, 0, 10, 0, 0, 10] as [Float], shape: [3, 2])
        let samples = try Tensor([0.1, 0, 9.9, 0, 10, 5, 0.2, 0.2] as [Float], shape: [4, 2])
        let score = try MixtureScore(samples: samples, centers: centers, deviation: 0.1)
        #expect(score.modes == 2 && score.modeCount == 3 && score.highQuality == 0.75)
        #expect(abs(score.reverseKL - (0.5 * log(1.5) * 2)) < 1e-12)
    }

    @Test func featuresOfATorchScriptFile() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/script.pt")
        let expected = try Fixture.load("script")
        let features = ScriptFeatures(try ScriptModule(contentsOf: url), name: "script")
        let values = try features.features(of: expected.tensor("images"))
        #expect(try values.relativeDifference(to: expected.tensor("features")) < 1e-5)
        #expect(throws: TorchError.self) { _ = try ScriptModule(contentsOf: URL(filePath: #filePath)) }
        #expect(throws: TorchError.self) { _ = try ScriptModule(contentsOf: URL(filePath: "/nowhere.pt")) }
    }
}
