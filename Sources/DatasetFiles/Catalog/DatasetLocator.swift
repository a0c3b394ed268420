public import DataFiles
public import Foundation
import UserFolders

/// The location of a named dataset's files.
public struct LocatedDataset: Hashable, Sendable {
    /// The kind of folder in which the files were found.
    public enum Origin: String, Hashable, Sendable {
        /// The folder given by `EQUIPOISE_DATA`.
        case environment
        /// The user's cache, the target of downloads.
        case cache
        /// A system folder, filled by a package.
        case system
    }

    /// The named dataset.
    public let dataset: NamedDataset

    /// The kind of folder in which it was found.
    public let origin: Origin

    /// The folder that contains the files.
    public let folder: URL

    /// The files found in the folder.
    public let files: [DatasetFile: URL]

    /// Reads one split of the dataset.
    ///
    /// - Parameter labels: whether to read the labels as well.
    /// - Throws: `DataFileError` if a file is missing or invalid.
    public func images(_ split: DatasetFile.Split = .train, labels: Bool = true) throws -> ImageArray {
        try IDXImages.read(images: url(split, .images), labels: labels ? url(split, .labels) : nil)
            .named(classes: dataset.classNames)
    }

    /// Returns the file with the given contents of a split.
    ///
    /// - Throws: `DataFileError` of kind `notFound`.
    public func url(_ split: DatasetFile.Split, _ contents: DatasetFile.Contents) throws -> URL {
        if let file = dataset.file(split, contents), let url = files[file] { return url }
        throw DataFileError(
            .notFound,
            "\(folder.path) does not contain the \(split.rawValue) \(contents.rawValue) of \(dataset.name); "
                + "run 'equipoise data fetch \(dataset.name)'.")
    }
}

/// Finds the files of a named dataset: in `$EQUIPOISE_DATA`, then in the user's cache, then in the system folders.
public struct DatasetLocator: Hashable, Sendable {
    /// The folder given by `EQUIPOISE_DATA`, if it is set.
    public var environmentFolder: URL?

    /// The user's dataset cache; downloads go to `<cache>/<name>`.
    public var cacheFolder: URL

    /// The system's dataset folders; each may contain `<folder>/<name>`.
    public var systemFolders: [URL]

    /// Creates a locator from the environment variables `EQUIPOISE_DATA`, `XDG_CACHE_HOME` and `HOME`.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        systemFolders: [URL] = [URL(filePath: "/usr/share/datasets", directoryHint: .isDirectory)]
    ) {
        environmentFolder = environment["EQUIPOISE_DATA"].flatMap { path in
            path.isEmpty ? nil : URL(filePath: path, directoryHint: .isDirectory)
        }
        cacheFolder = UserCache.folder(in: environment).appending(path: "data", directoryHint: .isDirectory)
        self.systemFolders = systemFolders
    }

    /// Returns the cache folder to which the dataset is downloaded.
    public func downloadFolder(for dataset: NamedDataset) -> URL {
        cacheFolder.appending(path: dataset.name, directoryHint: .isDirectory)
    }

    /// Finds a named dataset.
    ///
    /// - Parameter needed: the files that must exist, by default all. Other files are included if they exist.
    /// - Throws: `DataFileError` of kind `notFound`, which lists the folders searched, the missing files and what to
    ///   do.
    public func locate(_ dataset: NamedDataset, needed: [DatasetFile]? = nil) throws -> LocatedDataset {
        let needed = needed ?? dataset.files
        var searched: [String] = environmentFolder == nil ? ["EQUIPOISE_DATA (not set)"] : []
        for place in places(for: dataset) {
            let found = files(of: dataset, in: place.folder)
            let missing = needed.filter { found[$0] == nil }
            if !found.isEmpty, place.isShared, let other = identify(found, otherThan: dataset) {
                searched.append("\(place.folder.path) (holds \(other.name))")
            } else if missing.isEmpty, !found.isEmpty {
                return LocatedDataset(dataset: dataset, origin: place.origin, folder: place.folder, files: found)
            } else if found.isEmpty {
                searched.append(place.folder.path)
            } else {
                let names = missing.map(\.downloadName).joined(separator: ", ")
                searched.append("\(place.folder.path) (lacks \(names))")
            }
        }
        let package = dataset.debianPackage.map { ", install Debian's \($0)" } ?? ""
        throw DataFileError(
            .notFound,
            "The dataset '\(dataset.name)' was not found in \(searched.joined(separator: ", ")); run "
                + "'equipoise data fetch \(dataset.name)'\(package), or set EQUIPOISE_DATA to the folder that contains it."
        )
    }

    private struct Place {
        var folder: URL
        var origin: LocatedDataset.Origin
        /// Whether the folder name does not identify the dataset.
        var isShared = false
    }

    private func places(for dataset: NamedDataset) -> [Place] {
        var places: [Place] = []
        if let environmentFolder {
            let named = environmentFolder.appending(path: dataset.name, directoryHint: .isDirectory)
            places.append(Place(folder: named, origin: .environment))
            places.append(Place(folder: environmentFolder, origin: .environment, isShared: true))
        }
        places.append(Place(folder: downloadFolder(for: dataset), origin: .cache))
        for folder in systemFolders {
            let named = folder.appending(path: dataset.name, directoryHint: .isDirectory)
            places.append(Place(folder: named, origin: .system))
        }
        return places
    }

    private func files(of dataset: NamedDataset, in folder: URL) -> [DatasetFile: URL] {
        var found: [DatasetFile: URL] = [:]
        for file in dataset.files {
            found[file] = file.fileNames.lazy.map { folder.appending(path: $0) }.first { url in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
            }
        }
        return found
    }

    /// Returns the other dataset that the files in this folder actually belong to, if any.
    ///
    /// MNIST and its derivatives use the same file names, so only the contents distinguish them; the smallest file is
    /// enough.
    private func identify(_ found: [DatasetFile: URL], otherThan dataset: NamedDataset) -> NamedDataset? {
        guard let (file, url) = found.min(by: { $0.key.uncompressedSize < $1.key.uncompressedSize }),
            let sum = try? ContentChecksum.sha256(ofContentsOf: url, maximumBytes: file.uncompressedSize)
        else { return nil }
        return DatasetCatalog.all.first { other in
            other.name != dataset.name && other.files.contains { $0.sha256 == sum }
        }
    }
}
