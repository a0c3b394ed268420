import DataFiles
import Datasets
import TestSupport
import Testing
import Torch

@Suite struct StackedDatasetTests {
    private func digits(labels: [Int]?) throws -> ImageDataset {
        // Ten images of one gray each, which is ten times their class.
        let pixels = (0..<10).flatMap { [UInt8](repeating: UInt8($0 * 10), count: 4) }
        return try ImageDataset(
            ImageArray(count: 10, channels: 1, height: 2, width: 2, pixels: pixels, labels: labels))
    }

    @Test func threeDigitsAreThreeChannels() throws {
        let data = try StackedDataset(digits(labels: Array(0..<10)), count: 500, seed: 3)
        #expect(data.count == 500 && data.exampleShape == [3, 2, 2])
        let examples = try data.examples(Tensor([7, 0, 499] as [Int64]))
        #expect(examples.shape == [3, 3, 2, 2])
        let bytes: [UInt8] = try ImageDataset.bytes(of: examples).contiguous().values()
        let labels = try #require(data.labels)
        for (row, index) in [7, 0, 499].enumerated() {
            let channels = (0..<3).map { Int(bytes[row * 12 + $0 * 4]) / 10 }
            #expect(labels[index] == channels[0] * 100 + channels[1] * 10 + channels[2])
        }
        // 500 draws of 1000 combinations: about 393 different ones, and a seed gives the same.
        #expect((330...450).contains(Set(labels).count))
        #expect(try StackedDataset(digits(labels: Array(0..<10)), count: 500, seed: 3).labels == labels)
        #expect(try StackedDataset(digits(labels: Array(0..<10)), count: 500, seed: 4).labels != labels)
    }

    @Test func withoutLabelsNothingIsStacked() throws {
        #expect(throws: TorchError.self) { try StackedDataset(digits(labels: nil), count: 5, seed: 1) }
    }
}
