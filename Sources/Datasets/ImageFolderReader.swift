import DataFiles
import Foundation
import Images

/// A folder of PNG and JPEG files, or of one subfolder of them per class.
struct ImageFolderReader {
    let url: URL

    init(_ url: URL) { self.url = url }

    /// Returns the images, all of one size: the requested size, or else the size that they share.
    ///
    /// If each class has a subfolder, the labels follow the order of the folder names, and a limit takes equally many
    /// images of each class.
    func images(_ request: DatasetLoader.Request, report: (String) -> Void) throws -> ImageArray {
        var files = try ImageFolder.list(url)
        let classes = ImageFolderReader.classes(of: files, in: url)
        if request.limit > 0 { files = chosen(files, request.limit, classes) }
        var labels: [Int] = []
        var pixels: [UInt8] = []
        var first: (file: URL, image: PixelImage)?
        var count = 0
        for file in files {
            let stored: PixelImage
            do {
                stored = try ImageFile.read(file)
            } catch {
                guard request.skipBroken else {
                    throw DataFileError(
                        .damaged, "\(error) Repair or remove the file, or skip broken images with --skip-broken.")
                }
                report("Skipped: \(error)")
                continue
            }
            let image = try shaped(stored, like: first?.image, request)
            if let first, (image.width, image.height) != (first.image.width, first.image.height) {
                throw DataFileError(
                    .mismatched,
                    "\(file.path) has \(image.width)×\(image.height) pixels, but \(first.file.lastPathComponent) has "
                        + "\(first.image.width)×\(first.image.height); set one size for all with --image-size.")
            }
            if first == nil { first = (file, image) }
            pixels += image.planes
            if let classes, let label = classes.labels[file] { labels.append(label) }
            count += 1
        }
        guard let example = first?.image else {
            throw DataFileError(.notFound, "\(url.path) has no readable images.")
        }
        return ImageArray(
            count: count, channels: example.channels, height: example.height, width: example.width, pixels: pixels,
            labels: classes == nil ? nil : labels, classNames: classes?.names)
    }

    /// The class of each file if each class has its own subfolder.
    private struct Classes {
        /// The names of the folders, in order.
        let names: [String]
        let labels: [URL: Int]
    }

    /// Finds the first level that has at least two folders and no files.
    private static func classes(of files: [URL], in folder: URL) -> Classes? {
        let root = folder.pathComponents.count
        let paths = files.map { Array($0.pathComponents.dropFirst(root)) }
        let shallowest = paths.map(\.count).min() ?? 0
        for depth in 0..<max(0, shallowest - 1) {
            let names = Set(paths.map { $0[depth] })
            guard names.count > 1 else { continue }
            let sorted = names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
            let places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($0.element, $0.offset) })
            let labels = zip(files, paths).map { ($0, places[$1[depth]] ?? 0) }
            return Classes(names: sorted, labels: Dictionary(labels) { first, _ in first })
        }
        return nil
    }

    /// Selects the first files overall, or the first files of each class.
    private func chosen(_ files: [URL], _ limit: Int, _ classes: Classes?) -> [URL] {
        guard let classes else { return Array(files.prefix(limit)) }
        var places = [Int](repeating: 0, count: classes.names.count)
        let ranked = files.enumerated().map { index, file in
            let label = classes.labels[file] ?? 0
            defer { places[label] += 1 }
            return (rank: places[label], index: index)
        }
        let kept = ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.prefix(limit).map(\.index).sorted()
        return kept.map { files[$0] }
    }

    /// Converts an image to the requested size and channels; by default, the channels follow the first image.
    private func shaped(_ image: PixelImage, like first: PixelImage?, _ request: DatasetLoader.Request) throws
        -> PixelImage
    {
        let channels = request.channels > 0 ? request.channels : first?.channels ?? image.channels
        let converted = try image.converted(toChannels: channels)
        return request.imageSize > 0 ? try converted.resizedAndCropped(toSize: request.imageSize) : converted
    }
}

extension PixelImage {
    /// Creates an image from planes, one channel after the other.
    init(planes: some Collection<UInt8>, channels: Int, width: Int, height: Int) throws {
        let area = width * height
        let values = Array(planes)
        let pixels =
            channels == 1 ? values : (0..<area).flatMap { spot in (0..<channels).map { values[$0 * area + spot] } }
        try self.init(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// The pixel values as planes, one channel after the other.
    var planes: [UInt8] {
        channels == 1
            ? pixels
            : (0..<channels).flatMap { channel in
                stride(from: channel, to: pixels.count, by: channels).map { pixels[$0] }
            }
    }
}
