import CPNG

/// Reads and writes PNG files with libpng.
public enum PNG {
    /// The first eight bytes of every PNG.
    public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The default pixel limit of ``decode(_:maximumPixels:)``.
    public static let defaultMaximumPixels = 100_000_000

    /// Decodes a PNG: gray stays gray, everything else (including palettes) becomes RGB.
    ///
    /// 16-bit values are reduced to 8 bits. Transparent pixels are composited on black in the stored values: `value *
    /// alpha / 255`, rounded. A `gAMA` chunk that differs clearly from sRGB's 1/2.2 is respected.
    ///
    /// - Throws: ``ImageError/tooManyPixels(width:height:maximum:)`` before anything is allocated, or
    ///   ``ImageError/malformed(format:reason:)`` for bytes that are not one complete PNG.
    public static func decode(_ bytes: [UInt8], maximumPixels: Int = defaultMaximumPixels) throws -> PixelImage {
        let structure = try PNGStructure(checking: bytes, maximumPixels: maximumPixels)
        return try bytes.withUnsafeBytes { try decode($0, structure) }
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer, _ structure: PNGStructure) throws -> PixelImage {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
            throw malformed(image)
        }
        guard image.width == structure.width, image.height == structure.height else {
            throw ImageError.malformed(format: "PNG", reason: "its headers disagree about its size")
        }
        // Without this flag, libpng would treat 16-bit images without a gamma as linear light.
        image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
        let isColor = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
        let hasAlpha = image.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0
        image.format =
            (isColor ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0) | (hasAlpha ? png_uint_32(PNG_FORMAT_FLAG_ALPHA) : 0)

        let channels = isColor ? 3 : 1
        let stored = channels + (hasAlpha ? 1 : 0)
        var buffer = [UInt8](repeating: 0, count: structure.width * structure.height * stored)
        let stride = png_int_32(structure.width * stored)
        let succeeded = buffer.withUnsafeMutableBytes {
            png_image_finish_read(&image, nil, $0.baseAddress, stride, nil) != 0
        }
        guard succeeded else { throw malformed(image) }
        let pixels = hasAlpha ? composedOnBlack(buffer, colorChannels: channels) : buffer
        return try PixelImage(width: structure.width, height: structure.height, channels: channels, pixels: pixels)
    }

    /// Encodes the image as a PNG with 8 bits per channel. The same image always gives the same bytes.
    ///
    /// - Throws: ``ImageError/encodingFailed(format:reason:)`` for sides beyond libpng's limit of 1,000,000 pixels, or
    ///   if libpng fails.
    public static func encode(_ image: PixelImage) throws -> [UInt8] {
        guard image.width <= 1_000_000, image.height <= 1_000_000 else {
            throw ImageError.encodingFailed(
                format: "PNG", reason: "\(image.width) x \(image.height) is more than 1000000 pixels per side")
        }
        var header = png_image()
        header.version = png_uint_32(PNG_IMAGE_VERSION)
        header.width = png_uint_32(image.width)
        header.height = png_uint_32(image.height)
        header.format = image.channels == 3 ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
        defer { png_image_free(&header) }

        // Larger than deflate's worst case including chunk headers, so that one pass is enough.
        let raw = image.pixels.count + image.height
        var count = raw + raw / 8 + raw / 64 + 4096
        let stride = png_int_32(image.width * image.channels)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let succeeded = image.pixels.withUnsafeBytes {
                png_image_write_to_memory(&header, buffer.baseAddress, &count, 0, $0.baseAddress, stride, nil) != 0
            }
            initialized = succeeded ? count : 0
        }
        guard !bytes.isEmpty else { throw ImageError.encodingFailed(format: "PNG", reason: message(of: header)) }
        return bytes
    }

    private static func composedOnBlack(_ values: [UInt8], colorChannels: Int) -> [UInt8] {
        let stored = colorChannels + 1
        var result: [UInt8] = []
        result.reserveCapacity(values.count / stored * colorChannels)
        for start in stride(from: 0, to: values.count, by: stored) {
            let alpha = UInt16(values[start + colorChannels])
            for channel in 0..<colorChannels {
                result.append(UInt8((UInt16(values[start + channel]) * alpha + 127) / 255))
            }
        }
        return result
    }

    private static func malformed(_ image: png_image) -> ImageError {
        ImageError.malformed(format: "PNG", reason: message(of: image))
    }

    /// libpng's message, from its fixed buffer of 64 characters.
    private static func message(of image: png_image) -> String {
        withUnsafeBytes(of: image.message) { bytes in
            let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            return text.isEmpty ? "unknown libpng error" : text
        }
    }
}
