import DataFiles
import Datasets
import Diagnostics
import Studies
import TestSupport
import Testing
import Torch
import Training

@Suite struct GroundTruthTests {
    @Test func mixturesAreTold() throws {
        let directory = try TemporaryFolder()
        let data = try MixtureDataset.ring(count: 500, seed: 1)
        let meter = try GroundTruthMeter(data, store: ReferenceStore(folder: directory.url))
        #expect(try meter.measure(MixtureDataset.ring(count: 400, seed: 2).points).failures.isEmpty)
        let one = try Tensor(Array(repeating: [Float(1), 0], count: 100).flatMap(\.self), shape: [100, 2])
        #expect(try meter.measure(one).failures == [.modeCollapse])
        let noise = try Tensor.randomNormal([400, 2], from: RandomGenerator(seed: 3))
        #expect(try meter.measure(noise).failures == [.convergenceFailure])
        let unlabeled = ImageArray(count: 20, channels: 1, height: 28, width: 28, pixels: Fixture.discs(20))
        #expect(throws: TorchError.self) {
            _ = try GroundTruthMeter(ImageDataset(unlabeled), store: ReferenceStore(folder: directory.url))
        }
    }

    /// Squares (class 0) and crosses (class 1) of many sizes at many places, no two alike.
    private func shapes(_ count: Int, from first: Int) -> ImageArray {
        var pixels = [UInt8](repeating: 0, count: count * 784)
        for index in 0..<count {
            let number = first + 1000 + index
            let (half, x, y) = (3 + number / 2 % 4, 8 + number * 5 % 12, 8 + number / 8 * 7 % 12)
            for dx in -half...half {
                for dy in -half...half where index % 2 == 0 || dx == 0 || dy == 0 {
                    pixels[index * 784 + (y + dy) * 28 + x + dx] = UInt8(
                        155 + (number * 31 + dx * dy * 17 + dx * 5) % 100)
                }
            }
        }
        return ImageArray(
            count: count, channels: 1, height: 28, width: 28, pixels: pixels, labels: (0..<count).map { $0 % 2 })
    }

    @Test func labeledImagesAreTold() throws {
        let directory = try TemporaryFolder()
        try RandomNumbers.exclusively {
            let data = try ImageDataset(shapes(2400, from: 0))
            let meter = try GroundTruthMeter(data, store: ReferenceStore(folder: directory.url))
            let others = try ImageDataset(shapes(200, from: 2401))
            func real(_ indices: [Int64]) throws -> Tensor { try others.examples(Tensor(indices)) }
            let truth = try meter.measure(real(Array(0..<200)))
            #expect(truth.failures.isEmpty && truth.populated == 1)
            #expect(try #require(truth.covered) > 0.5 && truth.distance < 0.1)
            let one = try meter.measure(real(Array(repeating: 4, count: 200)))
            #expect(one.failures.contains(.modeCollapse))
            // Of two classes one alone is half of them; a class that was never seen is lost, whatever the samples look like.
            let squares = try meter.measure(real(stride(from: 1, to: 200, by: 2).map { $0 }))
            #expect(squares.populated == 0.5)
            let unseen = try GroundTruthMeter(data, without: [1], store: ReferenceStore(folder: directory.url))
            #expect(try unseen.measure(real(Array(0..<200))).populated == 0.5)
            // Blots of the right brightness, in which the classifier may see anything.
            let blots = try Tensor.randomNormal([200, 1, 28, 28], from: RandomGenerator(seed: 3))
            let noise = try meter.measure((blots .> 1).to(.float32) * 2 - 1)
            #expect(noise.failures.contains(.convergenceFailure) && noise.covered ?? 1 < 1.0 / 15)
        }
    }
}
