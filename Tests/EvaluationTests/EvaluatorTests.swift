import Evaluation
import Foundation
import TestSupport
import Testing
import Torch

@Suite struct EvaluatorTests {
    /// Gray images of two classes: bright above or bright below, with noise.
    private func halves(_ count: Int, seed: UInt64) throws -> (images: Tensor, labels: [Int]) {
        let noise = try Tensor.randomNormal([count, 1, 12, 12], from: RandomGenerator(seed: seed)) * 0.2
        let labels = (0..<count).map { $0 % 2 }
        let pattern = (0..<count).flatMap { index in
            (0..<144).map { spot -> Float in (spot < 72) == (index % 2 == 0) ? 0.7 : -0.7 }
        }
        return (try (noise + Tensor(pattern, shape: [count, 1, 12, 12])).clamped(-1, 1), labels)
    }

    @Test func aClassifierLearnsIsKeptAndCountsModes() throws {
        let (images, labels) = try halves(256, seed: 1)
        let classifier = try RandomNumbers.exclusively {
            let before = try randomState().bytes()
            let classifier = try ImageClassifier(imageShape: [1, 12, 12], classes: 2)
            try classifier.train(labels: labels, options: .init(epochs: 3, batchSize: 32)) { try images.gathering($0) }
            #expect(try randomState().bytes() == before, "the default generator is not touched")
            return classifier
        }
        let (others, otherLabels) = try halves(100, seed: 2)
        #expect(try classifier.accuracy(others, labels: otherLabels) > 0.99)
        classifier.heldOutAccuracy = 0.75

        let directory = try TemporaryFolder()
        let url = directory.url.appending(path: "classifier.safetensors")
        try classifier.file.write(to: url)
        let read = try RandomNumbers.exclusively { try ImageClassifier(Safetensors(contentsOf: url)) }
        #expect(try read.probabilities(others).isIdentical(to: classifier.probabilities(others)))
        #expect(read.heldOutAccuracy == 0.75)
        #expect(throws: TorchError.self) { _ = try ImageClassifier(Safetensors()) }

        let evaluator = try Evaluator(
            reference: ReferenceExamples(images), features: classifier, binOptions: .init(count: 4),
            modes: .classes(classifier, shares: [0.5, 0.5]))
        let whole = try evaluator.evaluate(others)
        #expect(whole.modes?.modes == 2 && whole.features == "classifier")
        let onlyAbove = try others.gathering(Tensor(stride(from: 0, to: 100, by: 2).map { Int64($0) }))
        let collapsed = try evaluator.evaluate(onlyAbove)
        #expect(collapsed.modes?.modes == 1 && (collapsed.bins?.ndb ?? 0) == 1)
        #expect(collapsed.neighbors?.samples.coverage ?? 1 < 0.6 && whole.neighbors?.samples.coverage ?? 0 > 0.8)
        #expect(collapsed.frechet?.samples ?? 0 > 3 * (whole.frechet?.samples ?? 1))
    }

    @Test func binsAreModesOnlyWhereTheDataIsApart() throws {
        let generator = try RandomGenerator(seed: 4)
        let centers = try Tensor([-4, 0, 0, 3, 4, 0, 0, -3] as [Float], shape: [4, 2])
        let modes = try Tensor.randomIntegers(0..<4, [2000], from: generator)
        let islands = try centers.gathering(modes) + Tensor.randomNormal([2000, 2], from: generator) * 0.1
        let apart = try Evaluator(reference: ReferenceExamples(islands), binOptions: .init(count: 40))
        #expect(try apart.mergeBinsIntoModes() && apart.bins.options.count == 4)
        // Two long bands: near bins hang together, but the bands are longer than the gap between them.
        let along = try Tensor.randomNormal([2000, 1], from: generator) * 3
        let across = try (Tensor.randomIntegers(0..<2, [2000, 1], from: generator)).to(.float32) * 1.5
        let bands = try Evaluator(
            reference: ReferenceExamples(Tensor.concatenate([along, across], dimension: 1)),
            binOptions: .init(count: 40))
        #expect(try !bands.mergeBinsIntoModes() && bands.bins.options.count == 40)
        // A few odd examples far off are no modes.
        let odd = try Tensor([50, 50, 50, 51, -50, 50, -50, 51] as [Float], shape: [4, 2])
        let outliers = try Evaluator(
            reference: ReferenceExamples(Tensor.concatenate([islands, odd])), binOptions: .init(count: 40))
        #expect(try !outliers.mergeBinsIntoModes())
        let same = try Evaluator(reference: ReferenceExamples(Tensor.ones([200, 2])), binOptions: .init(count: 4))
        #expect(throws: TorchError.self) { try same.mergeBinsIntoModes() }
        let cloud = try Evaluator(
            reference: ReferenceExamples(Tensor.randomNormal([2000, 2], from: generator)), binOptions: .init(count: 40))
        #expect(try !cloud.mergeBinsIntoModes())
    }

    @Test func onlyWhatIsAskedForIsMeasured() throws {
        let points = try Tensor.randomNormal([400, 2], from: RandomGenerator(seed: 1))
        let evaluator = try Evaluator(reference: ReferenceExamples(points), binOptions: .init(count: 10))
        let report = try evaluator.evaluate(points.slice(0..<50), [.bins, .modes])
        #expect(report.bins != nil && report.diversity == nil && report.frechet == nil && report.mixture == nil)
    }

    @Test func whatCannotBeComparedIsRefused() throws {
        let points = try Tensor.randomNormal([400, 2], from: RandomGenerator(seed: 1))
        let evaluator = try Evaluator(reference: ReferenceExamples(points), binOptions: .init(count: 10))
        #expect(throws: TorchError.self) { _ = try evaluator.evaluate(Tensor.zeros([50, 3])) }
        #expect(throws: TorchError.self) { _ = try evaluator.evaluate(points.slice(0..<3)) }
        #expect(throws: TorchError.self) { _ = try evaluator.evaluate(points.slice(0..<50) / 0) }
    }

    @Test func stackedChannelsAreThousandModes() throws {
        let classifier = try RandomNumbers.exclusively {
            try ImageClassifier(imageShape: [1, 8, 8], classes: 10, seed: 4)
        }
        let stacked = StackedClassifier(classifier)
        let images = try Tensor.randomNormal([6, 3, 8, 8], from: RandomGenerator(seed: 5))
        let probabilities = try stacked.probabilities(images)
        #expect(probabilities.shape == [6, 1000])
        let single = try (0..<3).map { channel -> [Double] in
            try classifier.probabilities(images.slice(channel..<channel + 1, dimension: 1)).to(.float64).values()
        }
        let values: [Double] = try probabilities.to(.float64).values()
        for (row, mode) in [(0, 0), (3, 507), (5, 999), (2, 41)] {
            let expected =
                single[0][row * 10 + mode / 100] * single[1][row * 10 + mode / 10 % 10]
                * single[2][row * 10 + mode % 10]
            #expect(abs(values[row * 1000 + mode] - expected) < 1e-6)
        }
        #expect(try stacked(images).shape == [6, 3 * 96])
        #expect(try ModeScore(probabilities: probabilities).shares.count == 1000)
    }
}
