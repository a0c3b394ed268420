import DataFiles
import DatasetFiles
import Datasets
import Diagnostics
import Evaluation
import Foundation
import Images
import Measurements
import Recipes
import TestSupport
import Testing
import Torch
import Training

/// Samples of labeled images, judged as a training or `diagnose` does.
@Suite struct ClassProbeTests {
    /// Color images of four classes: a bright quarter each, with noise.
    private func quarters(_ labels: [Int], size: Int = 16, seed: UInt64) throws -> ImageArray {
        let noise: [Float] = try Tensor.randomUniform(
            [labels.count * 3 * size * size], from: RandomGenerator(seed: seed)
        )
        .values()
        let pixels = noise.indices.map { index -> UInt8 in
            let (image, y, x) = (index / (3 * size * size), index / size % size, index % size)
            let quarter = (2 * y / size) * 2 + 2 * x / size
            return UInt8((quarter == labels[image] ? 150 : 20) + noise[index] * 80)
        }
        return ImageArray(
            count: labels.count, channels: 3, height: size, width: size, pixels: pixels, labels: labels,
            classNames: ["north west", "north east", "south west", "south east"])
    }

    private func labels(_ count: Int, of classes: [Int]) -> [Int] { (0..<count).map { classes[$0 % classes.count] } }

    private func samples(_ classes: [Int]) throws -> Tensor {
        let images = try ImageDataset(quarters(labels(300, of: classes), seed: 2))
        return try images.examples(Tensor.range(300))
    }

    private func withProbe(_ body: (SampleProbe, [String]) throws -> Void) throws {
        let directory = try TemporaryFolder()
        try RandomNumbers.exclusively {
            var reports: [String] = []
            let data = try ImageDataset(quarters(labels(600, of: [0, 1, 2, 3]), seed: 1))
            let store = ReferenceStore(folder: directory.url) { reports.append($0) }
            let probe = try #require(try SampleProbe.make(data, store: store, device: .cpu))
            try body(probe, reports)
            // The classifier is kept for the next time.
            let files = try FileManager.default.contentsOfDirectory(atPath: directory.url.path)
            #expect(files.contains { $0.hasPrefix("classes-") })
        }
    }

    @Test func aLostClassIsNamedAndShown() throws {
        try withProbe { probe, _ in
            // What cannot be made ready in time is left out, and nothing else is.
            let early = try probe.measure(samples([0, 1, 2, 3]), preparingFor: 0)
            #expect(!early.contains { $0.series == .lostClassMass } && early.contains { $0.series == .coverage })
            #expect(probe.classes(at: 5) == nil)

            let complete = try probe.measure(samples([0, 1, 2, 3]))
            #expect(complete.first { $0.series == .lostClassMass }?.value == 0)
            #expect(try probe.image(of: .lostClasses) == nil)

            let values = try probe.measure(samples([0, 1, 3]))
            #expect(values.first { $0.series == .lostClassMass }?.value == 0.25)
            let record = try #require(probe.classes(at: 7))
            #expect(record.step == 7 && record.classes(.lost).map(\.name) == ["south west"])
            // A row of eight real images, doubled in size.
            let image = try #require(try probe.image(of: .lostClasses))
            #expect(image.width > 8 * 32 && image.height < 2 * 40)
            // A finding of other samples is shown by its own classes.
            var other = record
            for index in other.classes.indices where index < 2 { other.classes[index].status = .rare }
            let rows = try #require(try probe.image(of: .lostClasses, classes: other))
            #expect(rows.width == image.width && rows.height > 2 * image.height)

            var history = History(objective: .nonSaturating)
            history.evaluationsNeeded = 1
            for (series, value) in values { history.append(series, step: 7, value: value) }
            history.classes = record
            let finding = Diagnosis(history).findings.first { $0.pattern == .lostClasses }
            #expect(finding?.summary.contains("south west") == true && finding?.severity ?? 0 >= 0.5)
        }
    }

    /// Fashion-MNIST's and MNIST's classifiers fit in 500 KB, and are right on test images.
    @Test(arguments: ShippedClassifier.names)
    func shippedClassifiers(name: String) throws {
        guard let located = try? DatasetLocator().locate(DatasetCatalog.dataset(named: name)) else { return }
        let test = try ImageDataset(located.images(.test), catalogName: name)
        try RandomNumbers.exclusively {
            let classifier = try #require(try ShippedClassifier.classifier(of: test))
            let numbers = classifier.file.tensors.values.reduce(0) { $0 + $1.count }
            #expect(2 * numbers < 250_000)
            let labels = Array(try #require(test.labels)[..<1000])
            let accuracy = try classifier.accuracy(test.examples(Tensor.range(1000)), labels: labels)
            // Fashion-MNIST's shirts and coats are hard to tell apart; the standard deviation of 1,000 images is 0.01.
            #expect(accuracy > (name == "mnist" ? 0.98 : 0.87))
        }
        // Of other sizes and other data there is none.
        #expect(try ShippedClassifier.classifier(of: ImageDataset(located.images(.test))) == nil)
    }
}
