import DataFiles

/// The datasets that are available by name.
public enum DatasetCatalog {
    /// All named datasets, in display order.
    public static let all: [NamedDataset] = [mnist, fashionMNIST]

    /// Handwritten digits. LeCun, Cortes and Burges, “The MNIST database of handwritten digits”, 1998.
    public static let mnist = NamedDataset(
        name: "mnist",
        summary: "handwritten digits, 60,000 + 10,000 gray images of 28 × 28, 10 classes",
        homepage: "https://yann.lecun.com/exdb/mnist/",
        classNames: (0...9).map(String.init),
        files: files(
            trainImages: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            trainLabels: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            testImages: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            testLabels: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        mirrors: [
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ])

    /// Articles of clothing. Xiao, Rasul and Vollgraf, “Fashion-MNIST: a novel image dataset for benchmarking machine
    /// learning algorithms”, arXiv:1708.07747, 2017.
    public static let fashionMNIST = NamedDataset(
        name: "fashion-mnist",
        summary: "articles of clothing, 60,000 + 10,000 gray images of 28 × 28, 10 classes",
        homepage: "https://github.com/zalandoresearch/fashion-mnist",
        debianPackage: "dataset-fashion-mnist",
        classNames: [
            "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
        ],
        files: files(
            trainImages: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            trainLabels: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            testImages: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            testLabels: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        // HTTP without TLS is safe here, since the contents are verified by SHA-256.
        mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"])

    /// Returns the dataset with the given name.
    ///
    /// - Throws: `DataFileError` of kind `unknownName`, which lists the available names.
    public static func dataset(named name: String) throws -> NamedDataset {
        if let dataset = all.first(where: { $0.name == name }) { return dataset }
        let names = all.map(\.name).joined(separator: ", ")
        throw DataFileError(
            .unknownName, "There is no downloadable dataset named '\(name)'; use one of \(names), or a path.")
    }

    private static func files(
        trainImages: String, trainLabels: String, testImages: String, testLabels: String
    ) -> [DatasetFile] {
        [
            DatasetFile(
                split: .train, contents: .images, stem: "train-images", dimensions: [60000, 28, 28],
                sha256: trainImages),
            DatasetFile(
                split: .train, contents: .labels, stem: "train-labels", dimensions: [60000], sha256: trainLabels),
            DatasetFile(
                split: .test, contents: .images, stem: "t10k-images", dimensions: [10000, 28, 28], sha256: testImages),
            DatasetFile(
                split: .test, contents: .labels, stem: "t10k-labels", dimensions: [10000], sha256: testLabels),
        ]
    }
}
