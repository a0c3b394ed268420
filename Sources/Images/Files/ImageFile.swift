public import Foundation

/// Reads and writes image files.
public enum ImageFile {
    /// The largest file that ``read(_:maximumPixels:)`` accepts: 512 MiB.
    public static let maximumBytes = 512 << 20

    /// Reads the PNG or JPEG image at `url`. The first bytes determine the format, not the file name.
    ///
    /// - Throws: ``ImageError/inFile(path:_:)``, which names the file and the problem.
    public static func read(_ url: URL, maximumPixels: Int = PNG.defaultMaximumPixels) throws -> PixelImage {
        do {
            return try decode(try bytes(of: url), maximumPixels: maximumPixels)
        } catch let error as ImageError {
            throw ImageError.inFile(path: url.path, error)
        }
    }

    /// Decodes a PNG or JPEG image, recognized by its first bytes.
    ///
    /// - Throws: ``ImageError/unknownFormat`` for other formats, or an error of the format's decoder.
    public static func decode(
        _ bytes: [UInt8], maximumPixels: Int = PNG.defaultMaximumPixels
    ) throws -> PixelImage {
        if bytes.starts(with: PNG.signature) { return try PNG.decode(bytes, maximumPixels: maximumPixels) }
        if bytes.starts(with: JPEG.signature) { return try JPEG.decode(bytes, maximumPixels: maximumPixels) }
        throw ImageError.unknownFormat
    }

    /// Writes `image` as a PNG file. Readers see the old file or the new one, never a partial one.
    ///
    /// - Throws: ``ImageError/inFile(path:_:)``, which names the file and the reason.
    public static func write(png image: PixelImage, to url: URL) throws {
        do {
            let bytes = try PNG.encode(image)
            do {
                try Data(bytes).write(to: url, options: .atomic)
            } catch {
                throw ImageError.unwritable(reason: reason(of: error))
            }
        } catch let error as ImageError {
            throw ImageError.inFile(path: url.path, error)
        }
    }

    private static func bytes(of url: URL) throws -> [UInt8] {
        do {
            let target = url.resolvingSymlinksInPath()
            let attributes = try FileManager.default.attributesOfItem(atPath: target.path)
            // A pipe or a device could block or never end.
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw ImageError.unreadable(reason: "it is not a regular file")
            }
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            guard size <= maximumBytes else {
                throw ImageError.unreadable(reason: "it has \(size) bytes, more than the \(maximumBytes) allowed")
            }
            return [UInt8](try Data(contentsOf: target))
        } catch let error as ImageError {
            throw error
        } catch {
            throw ImageError.unreadable(reason: reason(of: error))
        }
    }

    /// Returns Foundation's message without its final period, for use in parentheses.
    static func reason(of error: any Error) -> String {
        let sentence = error.localizedDescription
        return sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    }
}
