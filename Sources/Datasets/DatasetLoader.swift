import DataFiles
public import DatasetFiles
import Foundation
import Images
public import Torch

/// Loads data by name or path and prepares it for training.
public struct DatasetLoader {
    /// The data to load, and its form.
    public struct Request: Sendable, Equatable {
        /// `mnist`, `fashion-mnist`, `stacked-mnist`, `ring`, `grid`, the path of an IDX, .npy or .npz file, or the
        /// path of a folder of images or IDX files.
        public var source: String
        /// The side of the square images in pixels; 0 keeps the stored size.
        public var imageSize: Int
        /// 1 for gray, 3 for color; 0 keeps the stored channels.
        public var channels: Int
        /// The number of examples, counted from the first; 0 for all.
        public var limit: Int
        /// The portion, 0 to 1, to keep of each given class, by label; other classes are kept whole.
        public var classPortions: [Int: Double]
        /// Whether to skip unreadable images in a folder instead of throwing an error.
        public var skipBroken: Bool
        /// The random seed of synthetic data.
        public var seed: UInt64

        public init(
            source: String, imageSize: Int = 0, channels: Int = 0, limit: Int = 0, classPortions: [Int: Double] = [:],
            skipBroken: Bool = false, seed: UInt64 = 0
        ) {
            self.source = source
            self.imageSize = imageSize
            self.channels = channels
            self.limit = limit
            self.classPortions = classPortions
            self.skipBroken = skipBroken
            self.seed = seed
        }

        /// The location of data that is not a named dataset.
        var url: URL { URL(fileURLWithPath: (source as NSString).expandingTildeInPath) }
    }

    public var locator: DatasetLocator
    public var downloader: Downloader
    /// Receives messages about events during loading, such as a download or a skipped image.
    public var report: (String) -> Void
    /// Receives the progress of downloads periodically.
    public var progress: ((Downloader.Progress) -> Void)?

    public init(
        locator: DatasetLocator = DatasetLocator(), downloader: Downloader = Downloader(),
        report: @escaping (String) -> Void = { _ in }
    ) {
        self.locator = locator
        self.downloader = downloader
        self.report = report
    }

    public func load(_ request: Request, device: Device = .cpu) throws -> any Dataset {
        switch request.source {
        case "ring":
            return try MixtureDataset.ring(
                count: request.limit > 0 ? request.limit : 100_000, keeping: request.classPortions, seed: request.seed,
                device: device)
        case "grid":
            return try MixtureDataset.grid(
                count: request.limit > 0 ? request.limit : 100_000, keeping: request.classPortions, seed: request.seed,
                device: device)
        case "stacked-mnist": return try stackedDigits(request, device)
        default:
            if let arrays = try array(request, device) { return arrays }
            let stored = try images(request)
            let isNamed = DatasetCatalog.all.contains { $0.name == request.source }
            let resized = try shaped(stored, request)
            let isAsStored =
                (resized.channels, resized.height) == (stored.channels, stored.height)
                && request.classPortions.isEmpty
            return try ImageDataset(
                resized, catalogName: isNamed && isAsStored ? request.source : nil, device: device)
        }
    }

    private func stackedDigits(_ request: Request, _ device: Device) throws -> StackedDataset {
        guard request.classPortions.isEmpty else {
            throw DataFileError(
                .unsupported, "stacked-mnist draws its own classes; leave data.classPortions empty.")
        }
        guard request.channels == 0 || request.channels == 3 else {
            throw DataFileError(
                .unsupported,
                "stacked-mnist has three channels, but data.channels is \(request.channels); set it to 0.")
        }
        var digits = request
        (digits.source, digits.channels, digits.limit) = ("mnist", 1, 0)
        let stored = try images(digits)
        let shaped = try shaped(stored, digits)
        let dataset = try ImageDataset(
            shaped, catalogName: shaped.height == stored.height ? digits.source : nil, device: device)
        return try StackedDataset(
            dataset, count: request.limit > 0 ? request.limit : StackedDataset.usualCount, seed: request.seed)
    }

    /// Reads the examples of an `.npy` or `.npz` file, with images rounded to bytes; returns `nil` for other files.
    private func array(_ request: Request, _ device: Device) throws -> (any Dataset)? {
        let url = request.url
        guard ["npy", "npz"].contains(url.pathExtension.lowercased()), !isFolder(url) else { return nil }
        let contents = try ExampleFiles.read(url)
        guard try contents.examples.isFinite().allTrue() else {
            throw DataFileError(
                .unsupported,
                "\(url.path) holds values that are not finite (NaN or infinity); remove them.")
        }
        report("\(url.lastPathComponent): \(contents.summary)")
        let shape = contents.examples.shape
        guard shape.count == 4 else {
            guard request.classPortions.isEmpty else { throw DataFileError.noClasses(request.source) }
            let count = request.limit > 0 ? min(request.limit, shape[0]) : shape[0]
            return PointDataset(try contents.examples.slice(0..<count).to(device))
        }
        let pixels = try ImageDataset.bytes(of: contents.examples).contiguous().bytes()
        let images = ImageArray(
            count: shape[0], channels: shape[1], height: shape[2], width: shape[3], pixels: pixels,
            labels: contents.labels)
        return try ImageDataset(shaped(images, request), device: device)
    }

    private func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Returns the images as stored.
    private func images(_ request: Request) throws -> ImageArray {
        if let named = DatasetCatalog.all.first(where: { $0.name == request.source }) {
            return try located(named).images()
        }
        let url = request.url
        guard FileManager.default.fileExists(atPath: url.path) else {
            guard !request.source.hasPrefix("<") else {
                throw DataFileError(
                    .notFound,
                    "The data of this run belongs to the program that trained it; give other data with --reference.")
            }
            let names = (DatasetCatalog.all.map(\.name) + ["stacked-mnist", "ring", "grid"]).joined(separator: ", ")
            throw DataFileError(
                .notFound,
                "There is no dataset named \"\(request.source)\" and no file or folder at that path; use \(names), or a path."
            )
        }
        guard isFolder(url) else { return try arrays(url) }
        if let file = try IDXImages.images(in: url) { return try arrays(file) }
        return try ImageFolderReader(url).images(request, report: report)
    }

    /// Reads an IDX file of images, with the labels from the file beside it if they match.
    private func arrays(_ url: URL) throws -> ImageArray {
        guard let labels = IDXImages.labels(beside: url) else { return try IDXImages.read(images: url) }
        do {
            return try IDXImages.read(images: url, labels: labels)
        } catch {
            let images = try IDXImages.read(images: url)
            report("Reading without labels: \(error)")
            return images
        }
    }

    /// Returns the location of a named dataset, downloading it first if it is not found.
    private func located(_ named: NamedDataset) throws -> LocatedDataset {
        let needed = named.files.filter { $0.split == .train }
        do {
            return try locator.locate(named, needed: needed)
        } catch let error as DataFileError where error.kind == .notFound {
            report("\(named.name) is not on this machine; downloading it.")
            try downloader.fetch(named, to: locator.downloadFolder(for: named), files: needed, progress: progress)
            return try locator.locate(named, needed: needed)
        }
    }

    /// Applies the requested limit, class portions, size and channels.
    private func shaped(_ images: ImageArray, _ request: Request) throws -> ImageArray {
        let classCount = (images.labels?.max() ?? -1) + 1
        var images = request.limit > 0 ? images.prefix(request.limit) : images
        if !request.classPortions.isEmpty {
            guard let labels = images.labels else { throw DataFileError.noClasses(request.source) }
            images = try images.choosing(
                ClassThinning.positions(of: labels, keeping: request.classPortions, classes: classCount))
        }
        let size = request.imageSize > 0 ? request.imageSize : images.height
        let channels = request.channels > 0 ? request.channels : images.channels
        if images.height == images.width, images.height == size, images.channels == channels { return images }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(images.count * channels * size * size)
        for index in 0..<images.count {
            let image = try PixelImage(
                planes: images[index], channels: images.channels, width: images.width, height: images.height)
            pixels += try image.converted(toChannels: channels).resizedAndCropped(toSize: size).planes
        }
        return ImageArray(
            count: images.count, channels: channels, height: size, width: size, pixels: pixels, labels: images.labels,
            classNames: images.classNames)
    }
}
