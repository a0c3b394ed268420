import Testing
import Torch

@testable import Evaluation

@Suite struct CrudeImageTests {
    private func distorted(_ images: Tensor, seed: UInt64) throws -> Tensor {
        try CrudeImages(RandomGenerator(seed: seed)).distorted(images)
    }

    /// Whatever is drawn, images of the same shape come back, in range, and the same ones for the same seed.
    @Test(arguments: [[8, 1, 28, 28], [3, 3, 17, 32]]) func theyStayImages(shape: [Int]) throws {
        let images = try Tensor.randomUniform(shape, from: RandomGenerator(seed: 1)) * 2 - 1
        var changed = 0
        for seed in 0..<20 as Range<UInt64> {
            let some = try distorted(images, seed: seed)
            #expect(try some.shape == shape && some.isFinite().allTrue())
            #expect(try some.maximum().item() <= 1 && (-some).maximum().item() <= 1)
            #expect(try some.values(as: Float.self) == distorted(images, seed: seed).values(as: Float.self))
            changed += try ((some - images) * (some - images)).maximum().item() > 1e-4 ? 1 : 0
        }
        // None of the six distortions is drawn once in 40 times.
        #expect(changed > 10)
    }

    /// Half of each batch is distorted, and a seed still gives the same classifier.
    @Test func aClassifierLearnsFromThem() throws {
        let labels = (0..<64).map { $0 % 2 }
        let images = try Tensor.concatenate(
            labels.map { try Tensor.full([1, 1, 12, 12], Double($0) - 0.5) })
        func trained(distorts: Bool) throws -> [Float] {
            let classifier = try ImageClassifier(imageShape: [1, 12, 12], classes: 2)
            let options = ClassifierTraining.Options(epochs: 2, batchSize: 16, distorts: distorts)
            try classifier.train(labels: labels, options: options) { try images.gathering($0) }
            return try classifier.logits(images).values()
        }
        let first = try trained(distorts: true)
        #expect(try first == trained(distorts: true))
        #expect(try first != trained(distorts: false))
    }
}
