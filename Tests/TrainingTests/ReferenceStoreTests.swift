import DataFiles
import DatasetFiles
import Datasets
import Evaluation
import Foundation
import TestSupport
import Testing
import Torch
import Training

@Suite struct ReferenceStoreTests {
    @Test func whatWasMadeOnceIsKept() throws {
        let directory = try TemporaryFolder()
        let data = try MixtureDataset.ring(count: 500, seed: 1)
        var reports: [String] = []
        let store = ReferenceStore(folder: directory.url) { reports.append($0) }
        let first = try store.evaluator(data, bins: .init(count: 8))
        #expect(reports.count == 1 && reports[0].contains("8 bins"))
        let second = try store.evaluator(data, bins: .init(count: 8))
        #expect(reports.count == 1)
        let samples = try MixtureDataset.ring(count: 100, seed: 2).points
        let report = try first.evaluate(samples)
        #expect(try second.evaluate(samples) == report && report.mixture?.modes == 8)

        // Other data and a damaged file are made anew.
        _ = try store.evaluator(MixtureDataset.ring(count: 500, seed: 2), bins: .init(count: 8))
        #expect(reports.count == 2)
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.url.path) {
            try Data([1, 2, 3]).write(to: directory.url.appending(path: name))
        }
        #expect(try store.evaluator(data, bins: .init(count: 8)).evaluate(samples) == report)
        #expect(reports.count == 3)
    }

    @Test func aFolderThatCannotBeWrittenIsSaidAndNoMore() throws {
        let directory = try TemporaryFolder()
        let file = directory.url.appending(path: "a-file")
        try Data().write(to: file)
        var reports: [String] = []
        let data = try MixtureDataset.ring(count: 500, seed: 1)
        _ = try ReferenceStore(folder: file) { reports.append($0) }.evaluator(data, bins: .init(count: 8))
        #expect(reports.count == 2 && reports[1].contains("could not be cached"))
    }

    /// At least 99 % of MNIST's test images; about 20 seconds.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["EQUIPOISE_LONG_TESTS"] == "1"))
    func theClassifierOfMNISTCanBeTrusted() throws {
        let directory = try TemporaryFolder()
        let located = try DatasetLocator().locate(DatasetCatalog.dataset(named: "mnist"))
        let data = try ImageDataset(located.images(.train))
        let evaluator = try ReferenceStore(folder: directory.url).evaluator(data)
        guard case .classes(let modes, _) = evaluator.modes, let classifier = modes as? ImageClassifier else {
            Issue.record("no classifier")
            return
        }
        let test = try located.images(.test)
        let images = try ImageDataset(test).examples(Tensor.range(test.count))
        let accuracy = try classifier.accuracy(images, labels: #require(test.labels))
        print("MNIST test images told right: \(accuracy), held out \(classifier.heldOutAccuracy ?? 0)")
        #expect(accuracy >= 0.99)
    }
}
