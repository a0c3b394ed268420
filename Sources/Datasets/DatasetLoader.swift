import DataFiles
public import DatasetFiles
import Foundation
import Images
public import Torch

/// Finds data by name or path and makes it ready for training.
public struct DatasetLoader {
    /// Which data, and in what form.
    public struct Request: Sendable, Equatable {
        /// `mnist`, `fashion-mnist`, `stacked-mnist`, `ring`, `grid`, or the path of an IDX, .npy or .npz file, or of a folder of pictures or
        /// IDX files.
        public var source: String
        /// The side of the square pictures in pixels; 0 keeps the stored size.
        public var imageSize: Int
        /// 1 for grey, 3 for colour; 0 keeps what is stored.
        public var channels: Int
        /// How many examples, from the first; 0 for all.
        public var limit: Int
        /// The portion, from 0 to 1, that is kept of a class, by its label; other classes are kept whole.
        public var classPortions: [Int: Double]
        /// Whether broken pictures of a folder are left out instead of ending the work.
        public var skipBroken: Bool
        /// The seed of synthetic data.
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

        /// The place of data that is no named one.
        var url: URL { URL(fileURLWithPath: (source as NSString).expandingTildeInPath) }
    }

    public var locator: DatasetLocator
    public var downloader: Downloader
    /// Takes sentences about what happens on the way, such as a download or a picture that was left out.
    public var report: (String) -> Void
    /// Takes how far a download is, now and then.
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
            let pictures = try shaped(stored, request)
            let isAsStored =
                (pictures.channels, pictures.height) == (stored.channels, stored.height)
                && request.classPortions.isEmpty
            return try PictureDataset(
                pictures, catalogName: isNamed && isAsStored ? request.source : nil, device: device)
        }
    }

    private func stackedDigits(_ request: Request, _ device: Device) throws -> StackedDataset {
        guard request.classPortions.isEmpty else {
            throw DataFileError(
                .unsupported, "stacked-mnist draws its classes by itself; leave data.classPortions empty.")
        }
        guard request.channels == 0 || request.channels == 3 else {
            throw DataFileError(
                .unsupported,
                "stacked-mnist has three channels, but \(request.channels) are asked for; set data.channels to 0.")
        }
        var digits = request
        (digits.source, digits.channels, digits.limit) = ("mnist", 1, 0)
        let stored = try images(digits)
        let shaped = try shaped(stored, digits)
        let pictures = try PictureDataset(
            shaped, catalogName: shaped.height == stored.height ? digits.source : nil, device: device)
        return try StackedDataset(
            pictures, count: request.limit > 0 ? request.limit : StackedDataset.usualCount, seed: request.seed)
    }

    /// The examples of a `.npy` or `.npz` file, images rounded to bytes; `nil` for other files.
    private func array(_ request: Request, _ device: Device) throws -> (any Dataset)? {
        let url = request.url
        guard ["npy", "npz"].contains(url.pathExtension.lowercased()), !isFolder(url) else { return nil }
        let contents = try ExampleFiles.read(url)
        guard try contents.examples.isFinite().allTrue() else {
            throw DataFileError(.unsupported, "\(url.path) holds values that are not finite (NaN or infinity).")
        }
        report("\(url.lastPathComponent): \(contents.summary)")
        let shape = contents.examples.shape
        guard shape.count == 4 else {
            guard request.classPortions.isEmpty else { throw DataFileError.noClasses(request.source) }
            let count = request.limit > 0 ? min(request.limit, shape[0]) : shape[0]
            return PointDataset(try contents.examples.slice(0..<count).to(device))
        }
        let pixels = try PictureDataset.bytes(of: contents.examples).contiguous().bytes()
        let images = ImageArray(
            count: shape[0], channels: shape[1], height: shape[2], width: shape[3], pixels: pixels,
            labels: contents.labels)
        return try PictureDataset(shaped(images, request), device: device)
    }

    private func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// The pictures as they are stored.
    private func images(_ request: Request) throws -> ImageArray {
        if let named = DatasetCatalog.all.first(where: { $0.name == request.source }) {
            return try located(named).images()
        }
        let url = request.url
        guard FileManager.default.fileExists(atPath: url.path) else {
            let names = (DatasetCatalog.all.map(\.name) + ["stacked-mnist", "ring", "grid"]).joined(separator: ", ")
            throw DataFileError(
                .notFound,
                "There is no data called \"\(request.source)\", and no file or folder of that name; use \(names), or a path."
            )
        }
        guard isFolder(url) else { return try arrays(url) }
        if let file = try IDXImages.images(in: url) { return try arrays(file) }
        return try PictureFolder(url).images(request, report: report)
    }

    /// An IDX file of images with the labels beside it, if there are any that belong to them.
    private func arrays(_ url: URL) throws -> ImageArray {
        guard let labels = IDXImages.labels(beside: url) else { return try IDXImages.read(images: url) }
        do {
            return try IDXImages.read(images: url, labels: labels)
        } catch {
            let images = try IDXImages.read(images: url)
            report("Read without labels: \(error)")
            return images
        }
    }

    /// Named data where it lies, downloaded first if it lies nowhere.
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

    /// The first pictures, with the size and channels that were asked for.
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
            let picture = try PixelImage(
                planes: images[index], channels: images.channels, width: images.width, height: images.height)
            pixels += try picture.converted(toChannels: channels).resizedAndCropped(toSize: size).planes
        }
        return ImageArray(
            count: images.count, channels: channels, height: size, width: size, pixels: pixels, labels: images.labels,
            classNames: images.classNames)
    }
}
