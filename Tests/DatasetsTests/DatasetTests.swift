import DataFiles
import Datasets
import Foundation
import Images
import TestSupport
import Testing
import Torch

@Suite struct DatasetTests {
    private let directory = Result { try TemporaryFolder() }

    private func folder() throws -> URL { try directory.get().url }

    private func image(_ name: String, width: Int = 28, height: Int = 28, channels: Int = 1, value: UInt8 = 9) throws {
        let pixels = [UInt8](repeating: value, count: width * height * channels)
        try ImageFile.write(
            png: PixelImage(width: width, height: height, channels: channels, pixels: pixels),
            to: folder().appending(path: name))
    }

    private func load(_ change: (inout DatasetLoader.Request) -> Void = { _ in }) throws -> (any Dataset, [String]) {
        var request = try DatasetLoader.Request(source: folder().path)
        change(&request)
        var reports: [String] = []
        let data = try DatasetLoader { reports.append($0) }.load(request)
        return (data, reports)
    }

    @Test func bytesAreScaledToTheRangeOfTanh() throws {
        let images = ImageArray(count: 2, channels: 1, height: 1, width: 2, pixels: [0, 255, 51, 204])
        let data = try ImageDataset(images)
        let values: [Float] = try data.examples(Tensor([1, 0] as [Int64])).values()
        #expect(zip(values, [-0.6, 0.6, -1, 1]).allSatisfy { abs($0 - $1) < 1e-6 })
        let back = try ImageDataset.bytes(of: data.examples(Tensor([0, 1] as [Int64])))
        #expect(try back.values(as: UInt8.self) == images.pixels)
    }

    @Test func aFolderOfImages() throws {
        try image("a.png", value: 10)
        try image("b.png", value: 20)
        let (data, _) = try load()
        #expect(data.count == 2 && data.exampleShape == [1, 28, 28])
        #expect(data.summary == "2 gray images of 28×28 pixels")
        let (color, _) = try load {
            $0.channels = 3; $0.imageSize = 32
        }
        #expect(color.exampleShape == [3, 32, 32])
    }

    @Test func aBrokenImageIsNamed() throws {
        try image("a.png")
        try Data("no image".utf8).write(to: folder().appending(path: "broken.png"))
        let error = #expect(throws: DataFileError.self) { try load() }
        #expect(
            error?.description.contains("broken.png") == true && error?.description.contains("--skip-broken") == true)
        let (data, reports) = try load { $0.skipBroken = true }
        #expect(data.count == 1 && reports.count == 1 && reports[0].contains("broken.png"))
    }

    @Test func sizesThatDifferAreRefusedUnlessOneIsAskedFor() throws {
        try image("a.png")
        try image("b.png", width: 40, height: 30, channels: 3)
        let error = #expect(throws: DataFileError.self) { try load() }
        #expect(error?.description.contains("40×30") == true && error?.description.contains("--image-size") == true)
        #expect(try load { $0.imageSize = 28 }.0.exampleShape == [1, 28, 28])
    }

    @Test func emptyFoldersAndUnknownNamesAreRefused() throws {
        #expect(throws: (any Error).self) { try load() }
        let error = #expect(throws: DataFileError.self) { try load { $0.source = "minst" } }
        #expect(error?.description.contains("\"minst\"") == true)
    }

    @Test func theLimitTakesTheFirst() throws {
        let url = try folder().appending(path: "images.idx")
        try IDX.write(IDXArray(dimensions: [3, 28, 28], bytes: Fixture.discs(3)), to: url)
        #expect(
            try load {
                $0.source = url.path; $0.limit = 2
            }.0.count == 2)
        #expect(
            try load {
                $0.source = url.path; $0.imageSize = 32
            }.0.exampleShape == [1, 32, 32])
    }

    @Test func arraysOfNumPyAreData() throws {
        let gray = try folder().appending(path: "gray.npy")
        try NPY.write(NPYArray((0..<18).map { Float($0) / 17 }, shape: [2, 3, 3]), to: gray)
        let (images, reports) = try load { $0.source = gray.path }
        #expect(images.exampleShape == [1, 3, 3] && reports.first?.contains("from 0 to 1") == true)
        let values: [Float] = try images.examples(Tensor([1] as [Int64])).values()
        #expect(zip(values, 9..<18).allSatisfy { abs($0 - (Float($1) / 17 * 2 - 1)) < 0.005 })
        // Colors last, as most programs save them.
        let color = try folder().appending(path: "color.npy")
        try NPY.write(NPYArray(Array(1...12 as ClosedRange<UInt8>), shape: [1, 2, 2, 3]), to: color)
        let (colors, _) = try load { $0.source = color.path }
        #expect(try (colors as? ImageDataset)?.bytes.bytes() == [1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12])
        let plane = try folder().appending(path: "plane.npy")
        try NPY.write(NPYArray([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]), to: plane)
        let (points, _) = try load {
            $0.source = plane.path; $0.limit = 2
        }
        #expect(points.exampleShape == [2] && points.count == 2)
        try NPY.write(NPYArray([-0.4, 2.8, 0, 1] as [Float], shape: [1, 2, 2]), to: gray)
        #expect(throws: DataFileError.self) { try load { $0.source = gray.path } }
        try NPY.write(NPYArray([1, .nan, 3, 4] as [Float], shape: [2, 2]), to: plane)
        #expect(throws: DataFileError.self) { try load { $0.source = plane.path } }
    }

    @Test func mixturesLieAroundTheirModes() throws {
        for data in [try MixtureDataset.ring(count: 4000, seed: 1), try MixtureDataset.grid(count: 4000, seed: 1)] {
            let centers = try Tensor(
                data.centers.flatMap { [Float($0.x), Float($0.y)] }, shape: [data.centers.count, 2])
            let distances = try data.points.pairwiseDistances(to: centers)
            // Six deviations: one of 4,000 points lies farther with a chance of 6e-5; the seed is fixed.
            #expect(try (distances.minimum(over: [1]) .< 6 * data.deviation).allTrue())
            let counts: [Int64] = try distances.indexOfMinimum(1).counts(bins: data.centers.count).values()
            #expect(counts.allSatisfy { $0 > 0 })
            #expect(
                try MixtureDataset.ring(count: 10, seed: 2).points.isIdentical(
                    to: MixtureDataset.ring(count: 10, seed: 2).points))
        }
    }
}

@Suite struct EpochSamplerTests {
    @Test func everyExampleComesOnceAnEpoch() throws {
        try RandomNumbers.exclusively(seed: 1) {
            var sampler = try EpochSampler(count: 10, batchSize: 4)
            #expect(sampler.batchesPerEpoch == 3)
            var orders: [[Int64]] = []
            for epoch in 1...2 {
                var seen: [Int64] = []
                for size in [4, 4, 2] {
                    let batch: [Int64] = try sampler.next().values()
                    #expect(batch.count == size && sampler.state.epoch == epoch)
                    seen += batch
                }
                #expect(sampler.isAtEpochEnd && seen.sorted() == Array(0..<10))
                orders.append(seen)
            }
            #expect(orders[0] != orders[1])
        }
    }

    @Test func aStateForOtherDataIsRefused() throws {
        try RandomNumbers.exclusively {
            let other = try EpochSampler(count: 9, batchSize: 4)
            var sampler = try EpochSampler(count: 10, batchSize: 4)
            #expect(throws: TorchError.self) { try sampler.restore(other.state) }
        }
    }
}
