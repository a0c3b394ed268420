import DatasetFiles
import Foundation
import Images

/// A folder of PNG and JPEG files.
struct PictureFolder {
    let url: URL

    init(_ url: URL) { self.url = url }

    /// Its pictures, all of one size: the one asked for, or else the one that they share.
    func images(_ request: DatasetLoader.Request, report: (String) -> Void) throws -> ImageArray {
        var files = try ImageFolder.list(url)
        if request.limit > 0 { files = Array(files.prefix(request.limit)) }
        var pixels: [UInt8] = []
        var first: (file: URL, picture: PixelImage)?
        var count = 0
        for file in files {
            let stored: PixelImage
            do {
                stored = try ImageFile.read(file)
            } catch {
                guard request.skipBroken else {
                    throw DatasetFileError(
                        .damaged, "\(error) Mend or remove it, or leave broken pictures out with --skip-broken.")
                }
                report("Left out: \(error)")
                continue
            }
            let picture = try shaped(stored, like: first?.picture, request)
            if let first, (picture.width, picture.height) != (first.picture.width, first.picture.height) {
                throw DatasetFileError(
                    .mismatched,
                    "\(file.path) has \(picture.width)×\(picture.height) pixels, but \(first.file.lastPathComponent) has "
                        + "\(first.picture.width)×\(first.picture.height); give one size for all with --image-size.")
            }
            if first == nil { first = (file, picture) }
            pixels += picture.planes
            count += 1
        }
        guard let example = first?.picture else {
            throw DatasetFileError(.notFound, "\(url.path) has no picture that can be read.")
        }
        return ImageArray(
            count: count, channels: example.channels, height: example.height, width: example.width, pixels: pixels)
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
