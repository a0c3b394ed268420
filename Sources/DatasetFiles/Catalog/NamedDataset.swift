public import Foundation

/// A file of a named data set: what it is, how it may be called, and what it must hold.
public struct DatasetFile: Hashable, Sendable {
    /// The part of the data that the file belongs to.
    public enum Split: String, Hashable, Sendable, CaseIterable {
        /// What a model is trained on.
        case train
        /// What is held out.
        case test
    }

    /// What the file holds.
    public enum Contents: String, Hashable, Sendable, CaseIterable {
        /// Pictures.
        case images
        /// A class for each picture.
        case labels
    }

    /// The part of the data that the file belongs to.
    public let split: Split

    /// What the file holds.
    public let contents: Contents

    /// The file's name on the servers and in the cache, with `.gz`.
    public let downloadName: String

    /// The names under which distributions keep the file, in the order in which they are looked for.
    public let fileNames: [String]

    /// The dimensions in the IDX header.
    public let dimensions: [Int]

    /// The SHA-256 of the uncompressed contents.
    public let sha256: String

    /// The size of the uncompressed file in bytes.
    public var uncompressedSize: Int { 4 + 4 * dimensions.count + dimensions.reduce(1, *) }

    /// Describes an IDX file of unsigned bytes; `stem` is its name up to `idx`, such as `train-images`.
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

/// Data that is known by a name: its files, where to fetch them, and where they come from.
public struct NamedDataset: Hashable, Sendable {
    /// The name on the command line.
    public let name: String

    /// One line for a list.
    public let summary: String

    /// The data's home page.
    public let homepage: String

    /// The Debian package that installs the data, if there is one.
    public let debianPackage: String?

    /// The name of each class, in the order of the labels.
    public let classNames: [String]

    /// The files, the training images first.
    public let files: [DatasetFile]

    /// The folders on servers that hold the files under their download names, the preferred one first; each ends in `/`.
    public let mirrors: [String]

    /// Describes named data.
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

    /// The file for a part of the data.
    public func file(_ split: DatasetFile.Split, _ contents: DatasetFile.Contents) -> DatasetFile? {
        files.first { $0.split == split && $0.contents == contents }
    }

    /// The addresses of a file, the preferred one first.
    public func addresses(of file: DatasetFile) -> [URL] {
        mirrors.compactMap { URL(string: $0 + file.downloadName) }
    }
}
