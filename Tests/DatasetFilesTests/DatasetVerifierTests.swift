import DataFiles
import DatasetFiles
import Foundation
import TestSupport
import Testing

@Suite struct DatasetVerifierTests {
    let folder: TemporaryFolder
    let small = SmallDataset()

    init() throws {
        folder = try TemporaryFolder()
    }

    func report() throws -> DatasetReport {
        let locator = DatasetLocator(
            environment: ["EQUIPOISE_DATA": folder.url.path, "HOME": folder.url.path], systemFolders: [])
        return try DatasetVerifier.verify(locator.locate(small.dataset, needed: []))
    }

    @Test func acceptsWhatIsKnown() throws {
        try small.write(to: folder, "small")
        let report = try report()
        #expect(report.isValid)
        #expect(report.files.map(\.status) == [.valid, .valid])
        #expect(report.files[0].summary.contains("valid, 4 × 2 × 3"))
    }

    @Test func reportsMissing() throws {
        try small.write(to: folder, "small", labels: nil)
        let report = try report()
        #expect(!report.isValid)
        #expect(report.files.map(\.status) == [.valid, .missing])
        #expect(report.files[1].summary.contains("train-labels-idx1-ubyte.gz: missing"))
    }

    @Test func reportsOtherContents() throws {
        try small.write(to: folder, "small")
        let other = IDX.encode(IDXArray(dimensions: [4, 2, 3], bytes: noise(24, seed: 9)))
        let url = try folder.write(other, "small/train-images-idx3-ubyte")
        let file = try report().files[0]
        #expect(file.status == .wrongChecksum(found: ContentChecksum.sha256(other)))
        #expect(file.summary.contains(url.path) && file.summary.contains(ContentChecksum.sha256(other)))
    }

    @Test func reportsOtherDimensions() throws {
        try small.write(to: folder, "small")
        try folder.write(
            IDX.encode(IDXArray(dimensions: [5], bytes: noise(5))), "small/train-labels-idx1-ubyte.gz")
        let file = try report().files[1]
        #expect(file.status == .wrongDimensions(found: [5]))
        #expect(file.summary.contains("holds 5 elements, expected 4"))
    }

    @Test func reportsMalformedFiles() throws {
        try small.write(to: folder, "small")
        try folder.write(Array("<html>".utf8), "small/train-images-idx3-ubyte")
        let file = try report().files[0]
        guard case .malformed(let reason) = file.status else {
            Issue.record("\(file.status)")
            return
        }
        #expect(reason.contains("not an IDX file"))
        #expect(file.summary == reason)
    }
}

/// Real data, where it is at hand.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["EQUIPOISE_DATA"] != nil))
struct RealDataTests {
    @Test func mnistIsTheKnownOne() throws {
        let located = try DatasetLocator().locate(DatasetCatalog.mnist)
        let report = DatasetVerifier.verify(located)
        #expect(report.isValid, "\(report.files.map(\.summary))")
        let images = try located.images(.test)
        #expect((images.count, images.height, images.width) == (10000, 28, 28))
        #expect(images.labels?.prefix(5) == [7, 2, 1, 0, 4])
    }

    @Test func mnistIsNotTakenForFashionMNIST() throws {
        let mnist = try DatasetLocator().locate(DatasetCatalog.mnist)
        let locator = DatasetLocator(
            environment: ["EQUIPOISE_DATA": mnist.folder.path, "HOME": "/nowhere"], systemFolders: [])
        expectFailure(.notFound, "(holds mnist)") { try locator.locate(DatasetCatalog.fashionMNIST) }
    }
}
