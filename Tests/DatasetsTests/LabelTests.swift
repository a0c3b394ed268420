import DataFiles
import Datasets
import Foundation
import Images
import TestSupport
import Testing
import Torch

/// Where the classes of data come from.
@Suite struct LabelTests {
    private let directory = Result { try TemporaryFolder() }

    private func folder() throws -> URL { try directory.get().url }

    private func load(_ source: URL, limit: Int = 0, keeping portions: [Int: Double] = [:]) throws -> (
        data: any Dataset, reports: [String]
    ) {
        var reports: [String] = []
        let data = try DatasetLoader { reports.append($0) }
            .load(DatasetLoader.Request(source: source.path, limit: limit, classPortions: portions))
        return (data, reports)
    }

    private func image(_ path: String) throws {
        let url = try folder().appending(path: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try ImageFile.write(
            png: PixelImage(width: 8, height: 8, channels: 1, pixels: [UInt8](repeating: 9, count: 64)), to: url)
    }

    @Test func oneFolderAClass() throws {
        for path in ["all/dog/1.png", "all/dog/deep/2.png", "all/cat/1.png", "all/cat 10/1.png", "all/cat 2/1.png"] {
            try image(path)
        }
        let data = try load(folder()).data
        #expect(data.classNames == ["cat", "cat 2", "cat 10", "dog"])
        #expect(data.labels == [2, 1, 0, 3, 3])
        // One of each class before a second one of any.
        #expect(try load(folder(), limit: 4).data.labels == [2, 1, 0, 3])
        try image("all/alone.png")
        #expect(try load(folder()).data.labels == nil)
    }

    @Test func aFolderOfIDXFilesIsItsTrainingImages() throws {
        func write(_ name: String, _ count: Int) throws {
            try IDX.write(
                IDXArray(dimensions: [count, 28, 28], bytes: Fixture.discs(count)),
                to: folder().appending(path: "\(name)-images-idx3-ubyte"))
            try IDX.write(
                IDXArray(dimensions: [count], bytes: (0..<count).map { UInt8($0 % 4) }),
                to: folder().appending(path: "\(name)-labels-idx1-ubyte"))
        }
        try write("test", 8)
        #expect(try load(folder()).data.count == 8)
        try write("letters-train", 20)
        // The compressed copy of a file, and a folder of a file's name, are no other data.
        try Data([1]).write(to: folder().appending(path: "letters-train-images-idx3-ubyte.gz"))
        try FileManager.default.createDirectory(
            at: folder().appending(path: "train-images-idx3-ubyte"), withIntermediateDirectories: true)
        #expect(try load(folder()).data.labels == (0..<20).map { $0 % 4 })
        #expect(try ExampleFiles.read(folder()).examples.shape == [20, 1, 28, 28])
        try write("digits-train", 12)
        let refusal = #expect(throws: DataFileError.self) { try load(folder()) }
        #expect(refusal.map { "\($0)".contains("digits-train-images-idx3-ubyte, letters-train") } == true)
    }

    @Test func imagesNamedLikeIDXFilesAreImages() throws {
        for place in 1...3 { try image("train-images-idx3-ubyte-\(place).png") }
        #expect(try load(folder()).data.count == 3)
    }

    @Test func partsOfClassesAreLeftOut() throws {
        let images = try folder().appending(path: "train-images-idx3-ubyte")
        try IDX.write(IDXArray(dimensions: [20, 28, 28], bytes: Fixture.discs(20)), to: images)
        let refusal = #expect(throws: DataFileError.self) { try load(images, keeping: [1: 0]) }
        #expect(refusal.map { "\($0)".contains("no labels") } == true)
        let labels = (0..<20).map { UInt8($0 % 4) }
        try IDX.write(
            IDXArray(dimensions: [20], bytes: labels), to: folder().appending(path: "train-labels-idx1-ubyte"))
        let whole = try load(images).data
        let part = try load(images, keeping: [1: 0, 3: 0.4]).data
        let kept = try #require(part.labels)
        #expect((0..<4).map { label in kept.count { $0 == label } } == [5, 0, 5, 2])
        // The images go with their labels.
        let places = labels.indices.filter { [0, 2].contains(labels[$0]) || [11, 19].contains($0) }
        let expected: [Float] = try whole.examples(Tensor(places.map(Int64.init))).values()
        let pixels: [Float] = try part.examples(Tensor((0..<Int64(part.count)).map { $0 })).values()
        #expect(pixels == expected)
        #expect(throws: DataFileError.self) { try load(images, keeping: [4: 0]) }
        #expect(throws: DataFileError.self) { try load(images, keeping: [0: 0, 1: 0, 2: 0, 3: 0]) }
    }

    @Test func aMixtureLosesModes() throws {
        let ring = try MixtureDataset.ring(count: 2000, keeping: [3: 0, 5: 0.5], seed: 1)
        let whole = try MixtureDataset.ring(count: 2000, seed: 1)
        let (kept, all) = (try #require(ring.labels), try #require(whole.labels))
        #expect(ring.centers.count == 8 && ring.count == kept.count)
        #expect(kept.count { $0 == 3 } == 0)
        #expect(kept.count { $0 == 5 } == all.count { $0 == 5 } / 2)
        #expect(kept.count { $0 == 0 } == all.count { $0 == 0 })
    }

    @Test(arguments: ["", ".gz"]) func labelsBesideAnIDXFile(ending: String) throws {
        let images = try folder().appending(path: "train-images-idx3-ubyte")
        let labels = try folder().appending(path: "train-labels-idx1-ubyte" + ending)
        try IDX.write(IDXArray(dimensions: [3, 28, 28], bytes: Fixture.discs(3)), to: images)
        #expect(try load(images).data.labels == nil)
        func write(_ values: [UInt8]) throws {
            let bytes = IDX.encode(IDXArray(dimensions: [values.count], bytes: values))
            try Data(ending.isEmpty ? bytes : Gzip.compress(bytes)).write(to: labels)
        }
        try write([2, 0, 1])
        #expect(try load(images).data.labels == [2, 0, 1])
        #expect(try load(images, limit: 2).data.labels == [2, 0])
        try write([2, 0])
        let (data, reports) = try load(images)
        #expect(data.labels == nil && data.count == 3)
        #expect(reports.contains { $0.contains("2 labels") })
    }

    @Test(arguments: ["y", "labels"]) func labelsInAnArchive(name: String) throws {
        let url = try folder().appending(path: "data.npz")
        let examples = NPYArray(Fixture.discs(3), shape: [3, 28, 28])
        func labels(_ array: NPYArray) throws -> [Int]? {
            try NPZ.write(["x": examples, name: array], to: url)
            return try load(url).data.labels
        }
        #expect(try labels(NPYArray([5, 0, 3] as [Int64])) == [5, 0, 3])
        #expect(try labels(NPYArray([5, 0, 3] as [Float])) == [5, 0, 3])
        #expect(try labels(NPYArray([5, 0, 3] as [Int32], shape: [3, 1])) == [5, 0, 3])
        for wrong in [
            NPYArray([5, 0] as [Int64]), NPYArray([5, 0, -1] as [Int64]), NPYArray([0.5, 1, 2] as [Float]),
        ] {
            let error = #expect(throws: DataFileError.self) { try labels(wrong) }
            #expect(error?.description.contains("labels") == true)
        }
    }
}
