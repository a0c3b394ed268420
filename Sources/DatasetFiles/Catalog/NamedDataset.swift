public import Foundation

/// A file of a named dataset: its role, its possible names and its expected contents.
public struct DatasetFile: Hashable, Sendable {
    /// A split of the dataset.
    public enum Split: String, Hashable, Sendable, CaseIterable {
        /// The training data.
        case train
        /// The held-out test data.
        case test
    }

    /// The kind of contents of a file.
    public enum Contents: String, Hashable, Sendable, CaseIterable {
        /// Images.
        case images
        /// A class for each image.
        case labels
    }

    /// The split that the file belongs to.
    public let split: Split

    /// The kind of contents.
    public let contents: Contents

    /// The file name on the servers and in the cache, ending in `.gz`.
    public let downloadName: String

    /// The file names used by distributions, in search order.
    public let fileNames: [String]

    /// The dimensions in the IDX header.
    public let dimensions: [Int]

    /// The SHA-256 of the uncompressed contents.
    public let sha256: String

    /// The size of the uncompressed file in bytes.
    public var uncompressedSize: Int { 4 + 4 * dimensions.count + dimensions.reduce(1, *) }

    /// Describes an IDX file of unsigned bytes; `stem` is the part of its name before `idx`, such as `train-images`.
    public init(split: Split, contents: Contents, stem: String, dimensions: [Int], sha256: String) {
        self.split = split
        self.contents = contents
        self.dimensions = dimensions
        self.sha256 = sha256
        let suffix = "idx\(dimensions.count)-ubyte"
        downloadName = "\(stem)-\(suffix).gz"
        let plainNames = [
            "\(stem)-\(suffix)", "\(stem).\(suffix)", "\(stem)-\(suffix)".replacing("-", with: "_"),
        ]
        fileNames = plainNames + plainNames.map { $0 + ".gz" }
    }
}

/// A dataset available by name: its files, download addresses and source.
public struct NamedDataset: Hashable, Sendable {
    /// The name on the command line.
    public let name: String

    /// A one-line description for lists.
    public let summary: String

    /// The dataset's home page.
    public let homepage: String

    /// The Debian package that installs the dataset, if there is one.
    public let debianPackage: String?

    /// The name of each class, in label order.
    public let classNames: [String]

    /// The files, training images first.
    public let files: [DatasetFile]

    /// The base addresses of the servers that hold the files under their download names, in order of preference; each
    /// ends in `/`.
    public let mirrors: [String]

    /// Describes a named dataset.
    public init(
        name: String, summary: String, homepage: String, debianPackage: String? = nil, classNames: [String] = [],
        files: [DatasetFile], mirrors: [String]
    ) {
        self.name = name
        self.summary = summary
        self.homepage = homepage
        self.debianPackage = debianPackage
        self.classNames = classNames
        self.files = files
        self.mirrors = mirrors
    }

    /// Returns the file with the given contents of a split.
    public func file(_ split: DatasetFile.Split, _ contents: DatasetFile.Contents) -> DatasetFile? {
        files.first { $0.split == split && $0.contents == contents }
    }

    /// Returns the download addresses of a file, in order of preference.
    public func addresses(of file: DatasetFile) -> [URL] {
        mirrors.compactMap { URL(string: $0 + file.downloadName) }
    }
}
