import DataFiles
import Datasets
import Diagnostics
import Evaluation
import Foundation
import Measurements
import TestSupport
import Testing
import Torch
import Training

/// Color images without labels, compared by features that are learned from them.
@Suite struct LearnedFeatureTests {
    /// A sky that darkens downwards in some color, and a bright disc somewhere in its upper half.
    private func landscapes(_ count: Int, size: Int = 16, seed: UInt64) throws -> ImageDataset {
        let drawn: [Float] = try Tensor.randomUniform([count * 6], from: RandomGenerator(seed: seed)).values()
        var pixels = [UInt8](repeating: 0, count: count * 3 * size * size)
        for image in 0..<count {
            let draw = Array(drawn[image * 6..<image * 6 + 6])
            let center = (y: Float(size) * (0.2 + 0.2 * draw[3]), x: Float(size) * (0.2 + 0.6 * draw[4]))
            let radius = Float(size) * (0.1 + 0.1 * draw[5])
            for channel in 0..<3 {
                for place in 0..<size * size {
                    let (y, x) = (Float(place / size), Float(place % size))
                    let isDisc = pow(y - center.y, 2) + pow(x - center.x, 2) < radius * radius
                    let sky = (60 + 100 * draw[channel]) * (1 - 0.8 * y / Float(size))
                    pixels[(image * 3 + channel) * size * size + place] = UInt8(isDisc ? 250 : sky)
                }
            }
        }
        return try ImageDataset(
            ImageArray(count: count, channels: 3, height: size, width: size, pixels: pixels))
    }

    private func values(_ probe: SampleProbe, _ samples: Tensor) throws -> [SeriesName: Double] {
        Dictionary(try probe.measure(samples).map { ($0.series, $0.value) }) { $1 }
    }

    @Test func featuresAreLearnedWithoutLabels() throws {
        let directory = try TemporaryFolder()
        try RandomNumbers.exclusively {
            var reports: [String] = []
            let data = try landscapes(600, seed: 1)
            let store = ReferenceStore(folder: directory.url) { reports.append($0) }
            let probe = try #require(try SampleProbe.make(data, store: store, device: .cpu))
            let others = try landscapes(200, seed: 2)
            let real = try others.examples(Tensor.range(200))
            let early = try probe.measure(real, preparingFor: 0)
            #expect(!early.contains { $0.series == .coverageFeatures } && early.contains { $0.series == .coverage })

            let sound = try values(probe, real)
            #expect(sound[.coverageFeatures] ?? 0 > 0.5 && sound[.precisionFeatures] ?? 0 > 0.5)
            // Noise of the same brightness, and images upside down, whose pixels are those of the data.
            let noise = try (real + Tensor.randomNormal(real.shape, from: RandomGenerator(seed: 3)) * 0.7).clamped(
                -1, 1)
            for bad in [noise, try real.flipped(2)] {
                #expect(try values(probe, bad)[.coverageFeatures] ?? 1 < 0.06)
            }
            #expect(reports.contains { $0.hasPrefix("Training a feature network") })

            // It is kept, and `evaluate` takes it up.
            var again: [String] = []
            let kept = ReferenceStore(folder: directory.url) { again.append($0) }
            let evaluator = try kept.evaluator(data, bins: ReferenceBins.Options(count: 10))
            #expect(evaluator.features.name == "learned features" && !again.contains { $0.hasPrefix("Training") })
            #expect(try evaluator.evaluate(real, [.frechet]).frechet != nil)
        }
    }

    /// Of small gray images pixels say enough.
    @Test func smallGrayImagesNeedNone() throws {
        let gray = ImageArray(
            count: 200, channels: 1, height: 28, width: 28, pixels: [UInt8](repeating: 3, count: 200 * 784))
        let directory = try TemporaryFolder()
        let store = ReferenceStore(folder: directory.url)
        #expect(try FeaturePreparation(ImageDataset(gray), store: store) == nil)
        #expect(try FeaturePreparation(landscapes(40, seed: 1), store: store) == nil)
        #expect(try FeaturePreparation(MixtureDataset.ring(count: 200, seed: 1), store: store) == nil)
    }
}
