import DataFiles
import Foundation
import Images

/// A folder of PNG and JPEG files, or of one folder of them for each class.
struct PictureFolder {
    let url: URL

    init(_ url: URL) { self.url = url }

    /// Its pictures, all of one size: the one asked for, or else the one that they share. Where each class has a folder, the
    /// labels are the folders' places in the order of their names, and a limit takes equal parts of each.
    func images(_ request: DatasetLoader.Request, report: (String) -> Void) throws -> ImageArray {
        var files = try ImageFolder.list(url)
        let classes = PictureFolder.classes(of: files, in: url)
        if request.limit > 0 { files = chosen(files, request.limit, classes) }
        var labels: [Int] = []
        var pixels: [UInt8] = []
        var first: (file: URL, picture: PixelImage)?
        var count = 0
        for file in files {
            let stored: PixelImage
            do {
                stored = try ImageFile.read(file)
            } catch {
                guard request.skipBroken else {
                    throw DataFileError(
                        .damaged, "\(error) Mend or remove it, or leave broken pictures out with --skip-broken.")
                }
                report("Left out: \(error)")
                continue
            }
            let picture = try shaped(stored, like: first?.picture, request)
            if let first, (picture.width, picture.height) != (first.picture.width, first.picture.height) {
                throw DataFileError(
                    .mismatched,
                    "\(file.path) has \(picture.width)×\(picture.height) pixels, but \(first.file.lastPathComponent) has "
                        + "\(first.picture.width)×\(first.picture.height); give one size for all with --image-size.")
            }
            if first == nil { first = (file, picture) }
            pixels += picture.planes
            if let classes, let label = classes.labels[file] { labels.append(label) }
            count += 1
        }
        guard let example = first?.picture else {
            throw DataFileError(.notFound, "\(url.path) has no picture that can be read.")
        }
        return ImageArray(
            count: count, channels: example.channels, height: example.height, width: example.width, pixels: pixels,
            labels: classes == nil ? nil : labels, classNames: classes?.names)
    }

    /// The class of each file, where each class has a folder of its own.
    private struct Classes {
        /// The folders' names in order.
        let names: [String]
        let labels: [URL: Int]
    }

    /// Looks for the first level of folders at which there are two or more of them and no files.
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

    /// The first files, or of each class the first ones.
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

    /// A picture in the size and channels asked for; where nothing is asked for, the channels follow the first picture.
    private func shaped(_ picture: PixelImage, like first: PixelImage?, _ request: DatasetLoader.Request) throws
        -> PixelImage
    {
        let channels = request.channels > 0 ? request.channels : first?.channels ?? picture.channels
        let converted = try picture.converted(toChannels: channels)
        return request.imageSize > 0 ? try converted.resizedAndCropped(toSize: request.imageSize) : converted
    }
}

extension PixelImage {
    /// A picture from planes, one channel after the other.
    init(planes: some Collection<UInt8>, channels: Int, width: Int, height: Int) throws {
        let area = width * height
        let values = Array(planes)
        let pixels =
            channels == 1 ? values : (0..<area).flatMap { spot in (0..<channels).map { values[$0 * area + spot] } }
        try self.init(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// The values, one channel after the other.
    var planes: [UInt8] {
        channels == 1
            ? pixels
            : (0..<channels).flatMap { channel in
                stride(from: channel, to: pixels.count, by: channels).map { pixels[$0] }
            }
    }
}
