import DataFiles
import DatasetFiles
import Foundation
import TestSupport

/// A data set of the shape of MNIST and the size of a test.
struct SmallDataset {
    let trainImages = IDXArray(dimensions: [4, 2, 3], bytes: noise(24))
    let trainLabels = IDXArray(dimensions: [4], bytes: [0, 1, 2, 3])
    let dataset: NamedDataset

    init(name: String = "small", mirrors: [String] = [], debianPackage: String? = nil) {
        dataset = NamedDataset(
            name: name, summary: "a small one", homepage: "https://example.org", debianPackage: debianPackage,
            files: [
                DatasetFile(
                    split: .train, contents: .images, stem: "train-images", dimensions: [4, 2, 3],
                    sha256: ContentChecksum.sha256(IDX.encode(trainImages))),
                DatasetFile(
                    split: .train, contents: .labels, stem: "train-labels", dimensions: [4],
                    sha256: ContentChecksum.sha256(IDX.encode(trainLabels))),
            ],
            mirrors: mirrors)
    }

    /// Writes the files to `<folder>/<path>` under the given names.
    func write(
        to folder: TemporaryFolder, _ path: String, images: String = "train-images-idx3-ubyte",
        labels: String? = "train-labels-idx1-ubyte.gz"
    ) throws {
        try folder.write(IDX.encode(trainImages), "\(path)/\(images)")
        if let labels { try folder.write(Gzip.compress(IDX.encode(trainLabels)), "\(path)/\(labels)") }
    }
}
