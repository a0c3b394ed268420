import CTurboJPEG

/// Reading JPEG, through libjpeg-turbo's TurboJPEG interface.
public enum JPEG {
    /// The first three bytes of every JPEG.
    public static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// The number of pixels that ``decode(_:maximumPixels:)`` accepts unless told otherwise.
    public static let defaultMaximumPixels = PNG.defaultMaximumPixels

    /// The picture in `bytes`: grey stays grey, everything else becomes RGB.
    ///
    /// CMYK is converted as Pillow does, in Adobe's inverted convention and without colour profiles. An Exif
    /// orientation is ignored. Damage that a viewer would paint over (a file cut short, say) is an error here, since a
    /// half-grey picture in a training set goes unnoticed.
    ///
    /// - Throws: ``ImageError/tooManyPixels(width:height:maximum:)`` before anything is allocated, or
    ///   ``ImageError/malformed(format:reason:)`` for bytes that are not one complete JPEG.
    public static func decode(_ bytes: [UInt8], maximumPixels: Int = defaultMaximumPixels) throws -> PixelImage {
        guard bytes.starts(with: signature) else {
            throw ImageError.malformed(format: "JPEG", reason: "it does not begin with JPEG's signature")
        }
        guard let decoder = tjInitDecompress() else {
            throw ImageError.malformed(format: "JPEG", reason: "the decoder could not start")
        }
        defer { tjDestroy(decoder) }

        var (width, height, subsampling, colourSpace) = (Int32(0), Int32(0), Int32(0), Int32(0))
        let size = UInt(bytes.count)
        let headerStatus = tjDecompressHeader3(
            decoder, bytes, size, &width, &height, &subsampling, &colourSpace)
        guard headerStatus == 0, width > 0, height > 0 else { throw malformed(decoder) }
        guard Int(width) <= maximumPixels / Int(height) else {
            throw ImageError.tooManyPixels(width: Int(width), height: Int(height), maximum: maximumPixels)
        }

        let isGrey = colourSpace == Int32(TJCS_GRAY.rawValue)
        let isCMYK = colourSpace == Int32(TJCS_CMYK.rawValue) || colourSpace == Int32(TJCS_YCCK.rawValue)
        let format = isGrey ? TJPF_GRAY : isCMYK ? TJPF_CMYK : TJPF_RGB
        let stored = isGrey ? 1 : isCMYK ? 4 : 3
        // The limit on scans keeps a small progressive file from costing minutes.
        let flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
        var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * stored)
        let status = tjDecompress2(
            decoder, bytes, size, &pixels, width, 0, height, Int32(format.rawValue), Int32(flags))
        guard status == 0 else { throw malformed(decoder) }
        return try PixelImage(
            width: Int(width), height: Int(height), channels: isGrey ? 1 : 3,
            pixels: isCMYK ? redGreenBlue(ofInvertedCMYK: pixels) : pixels)
    }

    /// Each of red, green and blue is its inverted ink times inverted black.
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
        let reason = tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "the decoder gave no reason"
        return ImageError.malformed(format: "JPEG", reason: reason)
    }
}
