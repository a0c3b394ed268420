import CTurboJPEG

/// Reads JPEG files with libjpeg-turbo's TurboJPEG interface.
public enum JPEG {
    /// The first three bytes of every JPEG.
    public static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// The default pixel limit of ``decode(_:maximumPixels:)``.
    public static let defaultMaximumPixels = PNG.defaultMaximumPixels

    /// Decodes a JPEG: gray stays gray, everything else becomes RGB.
    ///
    /// CMYK is converted as in Pillow, with Adobe's inverted convention and without color profiles. An Exif orientation
    /// is ignored. Damage that an image viewer would hide, such as a truncated file, is an error here, because a
    /// half-gray image in a training set would go unnoticed.
    ///
    /// - Throws: ``ImageError/tooManyPixels(width:height:maximum:)`` before anything is allocated, or
    ///   ``ImageError/malformed(format:reason:)`` for bytes that are not one complete JPEG.
    public static func decode(_ bytes: [UInt8], maximumPixels: Int = defaultMaximumPixels) throws -> PixelImage {
        guard bytes.starts(with: signature) else {
            throw ImageError.malformed(format: "JPEG", reason: "it does not start with the JPEG signature")
        }
        guard let decoder = tjInitDecompress() else {
            throw ImageError.malformed(format: "JPEG", reason: "the decoder could not be created")
        }
        defer { tjDestroy(decoder) }

        var (width, height, subsampling, colorSpace) = (Int32(0), Int32(0), Int32(0), Int32(0))
        let size = UInt(bytes.count)
        let headerStatus = tjDecompressHeader3(
            decoder, bytes, size, &width, &height, &subsampling, &colorSpace)
        guard headerStatus == 0, width > 0, height > 0 else { throw malformed(decoder) }
        guard Int(width) <= maximumPixels / Int(height) else {
            throw ImageError.tooManyPixels(width: Int(width), height: Int(height), maximum: maximumPixels)
        }

        let isGray = colorSpace == Int32(TJCS_GRAY.rawValue)
        let isCMYK = colorSpace == Int32(TJCS_CMYK.rawValue) || colorSpace == Int32(TJCS_YCCK.rawValue)
        let format = isGray ? TJPF_GRAY : isCMYK ? TJPF_CMYK : TJPF_RGB
        let stored = isGray ? 1 : isCMYK ? 4 : 3
        // Limit the scans, since decoding a small progressive file could otherwise take minutes.
        let flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
        var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * stored)
        let status = tjDecompress2(
            decoder, bytes, size, &pixels, width, 0, height, Int32(format.rawValue), Int32(flags))
        guard status == 0 else { throw malformed(decoder) }
        return try PixelImage(
            width: Int(width), height: Int(height), channels: isGray ? 1 : 3,
            pixels: isCMYK ? redGreenBlue(ofInvertedCMYK: pixels) : pixels)
    }

    /// Converts inverted CMYK: each of red, green and blue is the inverted ink times the inverted black.
    private static func redGreenBlue(ofInvertedCMYK values: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(values.count / 4 * 3)
        for start in stride(from: 0, to: values.count, by: 4) {
            let black = UInt16(values[start + 3])
            for ink in 0..<3 {
                result.append(UInt8((UInt16(values[start + ink]) * black + 127) / 255))
            }
        }
        return result
    }

    private static func malformed(_ decoder: tjhandle) -> ImageError {
        let reason = tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "unknown decoder error"
        return ImageError.malformed(format: "JPEG", reason: reason)
    }
}
