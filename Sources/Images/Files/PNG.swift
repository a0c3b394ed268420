import CPNG

/// Reading and writing PNG, through libpng.
public enum PNG {
    /// The first eight bytes of every PNG.
    public static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The number of pixels that ``decode(_:maximumPixels:)`` accepts unless told otherwise.
    public static let defaultMaximumPixels = 100_000_000

    /// The picture in `bytes`: grey stays grey, everything else (palettes too) becomes RGB.
    ///
    /// Sixteen-bit values are reduced to eight. Transparent pixels are composed on black, plainly in the stored values:
    /// `value * alpha / 255`, rounded. A `gAMA` chunk far from sRGB's 1/2.2 is honoured.
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
        // Without this flag 16-bit pictures that name no gamma would be taken for linear light.
        image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
        let isColour = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
        let hasAlpha = image.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0
        image.format =
            (isColour ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0) | (hasAlpha ? png_uint_32(PNG_FORMAT_FLAG_ALPHA) : 0)

        let channels = isColour ? 3 : 1
        let stored = channels + (hasAlpha ? 1 : 0)
        var buffer = [UInt8](repeating: 0, count: structure.width * structure.height * stored)
        let stride = png_int_32(structure.width * stored)
        let succeeded = buffer.withUnsafeMutableBytes {
            png_image_finish_read(&image, nil, $0.baseAddress, stride, nil) != 0
        }
        guard succeeded else { throw malformed(image) }
        let pixels = hasAlpha ? composedOnBlack(buffer, colourChannels: channels) : buffer
        return try PixelImage(width: structure.width, height: structure.height, channels: channels, pixels: pixels)
    }

    /// The picture as a PNG file of 8 bits a channel. The same picture always gives the same bytes.
    ///
    /// - Throws: ``ImageError/encodingFailed(format:reason:)`` for sides that PNG or libpng (1,000,000) cannot hold.
    public static func encode(_ picture: PixelImage) throws -> [UInt8] {
        guard picture.width <= 1_000_000, picture.height <= 1_000_000 else {
            throw ImageError.encodingFailed(
                format: "PNG", reason: "\(picture.width) x \(picture.height) is more than 1000000 a side")
        }
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = png_uint_32(picture.width)
        image.height = png_uint_32(picture.height)
        image.format = picture.channels == 3 ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
        defer { png_image_free(&image) }

        // More than deflate's worst case with chunk headers, so that one pass suffices.
        let raw = picture.pixels.count + picture.height
        var count = raw + raw / 8 + raw / 64 + 4096
        let stride = png_int_32(picture.width * picture.channels)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let succeeded = picture.pixels.withUnsafeBytes {
                png_image_write_to_memory(&image, buffer.baseAddress, &count, 0, $0.baseAddress, stride, nil) != 0
            }
            initialized = succeeded ? count : 0
        }
        guard !bytes.isEmpty else { throw ImageError.encodingFailed(format: "PNG", reason: message(of: image)) }
        return bytes
    }

    private static func composedOnBlack(_ values: [UInt8], colourChannels: Int) -> [UInt8] {
        let stored = colourChannels + 1
        var result: [UInt8] = []
        result.reserveCapacity(values.count / stored * colourChannels)
        for start in stride(from: 0, to: values.count, by: stored) {
            let alpha = UInt16(values[start + colourChannels])
            for channel in 0..<colourChannels {
                result.append(UInt8((UInt16(values[start + channel]) * alpha + 127) / 255))
            }
        }
        return result
    }

    private static func malformed(_ image: png_image) -> ImageError {
        ImageError.malformed(format: "PNG", reason: message(of: image))
    }

    /// What libpng wrote into its fixed 64 characters.
    private static func message(of image: png_image) -> String {
        withUnsafeBytes(of: image.message) { bytes in
            let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            return text.isEmpty ? "libpng gave no reason" : text
        }
    }
}
