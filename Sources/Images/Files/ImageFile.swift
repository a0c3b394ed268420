public import Foundation

/// Reading and writing picture files.
public enum ImageFile {
    /// The largest file that ``read(_:maximumPixels:)`` opens: 512 MiB.
    public static let maximumBytes = 512 << 20

    /// The PNG or JPEG picture at `url`. The first bytes decide which it is, not the name.
    ///
    /// - Throws: ``ImageError/inFile(path:_:)``, which names the file and what is wrong with it.
    public static func read(_ url: URL, maximumPixels: Int = PNG.defaultMaximumPixels) throws -> PixelImage {
        do {
            return try decode(try bytes(of: url), maximumPixels: maximumPixels)
        } catch let error as ImageError {
            throw ImageError.inFile(path: url.path, error)
        }
    }

    /// The PNG or JPEG picture in `bytes`, by their beginning.
    ///
    /// - Throws: ``ImageError/unknownFormat`` for other bytes, or what the format's decoder throws.
    public static func decode(
        _ bytes: [UInt8], maximumPixels: Int = PNG.defaultMaximumPixels
    ) throws -> PixelImage {
        if bytes.starts(with: PNG.signature) { return try PNG.decode(bytes, maximumPixels: maximumPixels) }
        if bytes.starts(with: JPEG.signature) { return try JPEG.decode(bytes, maximumPixels: maximumPixels) }
        throw ImageError.unknownFormat
    }

    /// Writes `picture` as a PNG. A reader sees the old file or the new one, never half of one.
    ///
    /// - Throws: ``ImageError/inFile(path:_:)``, which names the file and the reason.
    public static func write(png picture: PixelImage, to url: URL) throws {
        do {
            let bytes = try PNG.encode(picture)
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
            // A pipe or a device would block or never end.
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw ImageError.unreadable(reason: "it is not a regular file")
            }
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            guard size <= maximumBytes else {
                throw ImageError.unreadable(reason: "\(size) bytes are more than the \(maximumBytes) allowed")
            }
            return [UInt8](try Data(contentsOf: target))
        } catch let error as ImageError {
            throw error
        } catch {
            throw ImageError.unreadable(reason: reason(of: error))
        }
    }

    /// Foundation's sentence without its full stop, to stand in brackets.
    static func reason(of error: any Error) -> String {
        let sentence = error.localizedDescription
        return sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    }
}
