/// An image in memory: 8-bit gray or RGB pixels.
///
/// Pixels are stored row by row from the top, channels interleaved: the value of `channel` at column `x` of row `y`
/// is `pixels[(y * width + x) * channels + channel]`. The layout is that of `[height, width, channels]`.
public struct PixelImage: Equatable, Sendable {
    /// The number of columns, at least 1.
    public let width: Int
    /// The number of rows, at least 1.
    public let height: Int
    /// 1 for gray, 3 for RGB.
    public let channels: Int
    /// `height * width * channels` values, 0 (dark) to 255 (light).
    public let pixels: [UInt8]

    /// Creates an image from existing pixels.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when a dimension is not positive, `channels` is neither 1 nor 3, or
    ///   the number of pixels does not match.
    public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) throws {
        let count = try Self.byteCount(width: width, height: height, channels: channels)
        guard pixels.count == count else {
            throw ImageError.invalidGeometry(
                "A \(width) x \(height) image with \(channels) channel(s) needs \(count) values but got "
                    + "\(pixels.count); pass height * width * channels values.")
        }
        self.init(uncheckedWidth: width, height: height, channels: channels, pixels: pixels)
    }

    /// Creates an image without checks, for code that derived `pixels` from the dimensions itself.
    init(uncheckedWidth width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        assert(pixels.count == width * height * channels)
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }

    /// Returns `height * width * channels` after checking the ranges and for overflow.
    static func byteCount(width: Int, height: Int, channels: Int) throws -> Int {
        guard width > 0, height > 0 else {
            throw ImageError.invalidGeometry(
                "An image cannot be \(width) x \(height) pixels; width and height must be at least 1.")
        }
        guard channels == 1 || channels == 3 else {
            throw ImageError.invalidGeometry("An image cannot have \(channels) channels; use 1 (gray) or 3 (RGB).")
        }
        let (area, areaOverflows) = width.multipliedReportingOverflow(by: height)
        let (count, countOverflows) = area.multipliedReportingOverflow(by: channels)
        guard !areaOverflows, !countOverflows else {
            throw ImageError.invalidGeometry(
                "A \(width) x \(height) image does not fit in memory; make it smaller.")
        }
        return count
    }
}
