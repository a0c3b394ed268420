import DataFiles
import DatasetFiles
import Foundation
import TestSupport
import Testing

@Suite struct DatasetLocatorTests {
    let folder: TemporaryFolder
    let small = SmallDataset(debianPackage: "dataset-small")

    init() throws {
        folder = try TemporaryFolder()
    }

    func locator(environment: Bool = true) -> DatasetLocator {
        var variables = ["XDG_CACHE_HOME": folder.url.appending(path: "cache").path]
        if environment { variables["EQUIPOISE_DATA"] = folder.url.appending(path: "environment").path }
        return DatasetLocator(environment: variables, systemFolders: [folder.url.appending(path: "system")])
    }

    @Test(
        arguments: [
            ("environment/small", .environment), ("environment", .environment), ("cache/equipoise/data/small", .cache),
            ("system/small", .system),
        ] as [(String, LocatedDataset.Origin)])
    func looksInEachPlace(path: String, origin: LocatedDataset.Origin) throws {
        try small.write(to: folder, path)
        let located = try locator().locate(small.dataset)
        #expect(located.origin == origin)
        #expect(located.folder.path == folder.url.appending(path: path).path)
        let images = try located.images()
        #expect(images.pixels == small.trainImages.bytes)
        #expect(images.labels == [0, 1, 2, 3])
        #expect(try located.images(labels: false).labels == nil)
        expectFailure(.notFound, "test images", "equipoise data fetch small") { try located.images(.test) }
    }

    @Test func prefersTheEnvironmentThenTheCache() throws {
        try small.write(to: folder, "system/small")
        try small.write(to: folder, "cache/equipoise/data/small")
        #expect(try locator().locate(small.dataset).origin == .cache)
        try small.write(to: folder, "environment/small")
        #expect(try locator().locate(small.dataset).origin == .environment)
        #expect(try locator(environment: false).locate(small.dataset).origin == .cache)
    }

    @Test(arguments: [
        "train-images-idx3-ubyte", "train-images.idx3-ubyte", "train_images_idx3_ubyte", "train-images-idx3-ubyte.gz",
        "train-images.idx3-ubyte.gz",
    ])
    func knowsTheNamesInUse(name: String) throws {
        try small.write(to: folder, "environment", images: name, labels: "train-labels.idx1-ubyte")
        let located = try locator().locate(small.dataset)
        #expect(try located.url(.train, .images).lastPathComponent == name)
        #expect(try located.images().count == 4)
    }

    @Test func saysWhereItLookedAndWhatToDo() throws {
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "environment/small/train-images-idx3-ubyte"),
            withIntermediateDirectories: true)
        expectFailure(
            .notFound, "'small'", "environment/small", "cache/equipoise/data/small", "system/small",
            "equipoise data fetch small", "dataset-small", "EQUIPOISE_DATA"
        ) { try locator().locate(small.dataset) }
        expectFailure(.notFound, "EQUIPOISE_DATA (not set)") {
            try locator(environment: false).locate(small.dataset)
        }
    }

    @Test func asksOnlyForWhatIsNeeded() throws {
        try small.write(to: folder, "environment", labels: nil)
        expectFailure(.notFound, "lacks train-labels-idx1-ubyte.gz") { try locator().locate(small.dataset) }
        let images = try #require(small.dataset.file(.train, .images))
        let located = try locator().locate(small.dataset, needed: [images])
        #expect(located.files.count == 1)
        expectFailure(.notFound, "train labels of small") { try located.images() }
    }

    @Test func cacheFollowsTheXDGSpecification() {
        let home = ["HOME": "/home/someone"]
        let expected = "/home/someone/.cache/equipoise/data"
        #expect(DatasetLocator(environment: home).cacheFolder.path == expected)
        let relative = home.merging(["XDG_CACHE_HOME": "relative"]) { $1 }
        #expect(DatasetLocator(environment: relative).cacheFolder.path == expected)
        let absolute = DatasetLocator(environment: home.merging(["XDG_CACHE_HOME": "/var/cache/me"]) { $1 })
        #expect(absolute.cacheFolder.path == "/var/cache/me/equipoise/data")
        #expect(absolute.downloadFolder(for: DatasetCatalog.mnist).path == "/var/cache/me/equipoise/data/mnist")
        #expect(DatasetLocator(environment: ["EQUIPOISE_DATA": ""]).environmentFolder == nil)
    }
}

@Suite struct DatasetCatalogTests {
    @Test func knowsItsNames() throws {
        #expect(try DatasetCatalog.dataset(named: "mnist") == DatasetCatalog.mnist)
        #expect(try DatasetCatalog.dataset(named: "fashion-mnist") == DatasetCatalog.fashionMNIST)
        expectFailure(.unknownName, "'mnits'", "mnist, fashion-mnist") { try DatasetCatalog.dataset(named: "mnits") }
    }

    @Test(arguments: DatasetCatalog.all)
    func describesEachFile(dataset: NamedDataset) throws {
        #expect(dataset.files.count == 4)
        #expect(Set(dataset.files.map(\.sha256)).count == 4)
        for file in dataset.files {
            #expect(file.sha256.count == 64)
            #expect(dataset.addresses(of: file).count == dataset.mirrors.count)
            #expect(dataset.addresses(of: file).allSatisfy { $0.lastPathComponent == file.downloadName })
        }
        let images = try #require(dataset.file(.train, .images))
        #expect(images.downloadName == "train-images-idx3-ubyte.gz")
        #expect(images.uncompressedSize == 47_040_016)
        #expect(dataset.file(.test, .labels)?.downloadName == "t10k-labels-idx1-ubyte.gz")
    }
}
