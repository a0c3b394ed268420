extension PixelImage {
    /// Returns the same image in gray (1) or RGB (3), unchanged if it already has that many channels.
    ///
    /// RGB becomes gray by the ITU-R Rec. 601 luma in the fixed-point form of Pillow's `convert("L")`, so that the
    /// values match Pillow's: `(19595 R + 38470 G + 7471 B + 32768) >> 16`. Gray becomes RGB by repeating the value.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when `count` is neither 1 nor 3.
    public func converted(toChannels count: Int) throws -> PixelImage {
        switch (channels, count) {
        case (1, 1), (3, 3):
            return self
        case (3, 1):
            let gray = [UInt8](unsafeUninitializedCapacity: width * height) { buffer, initialized in
                for index in 0..<width * height {
                    buffer[index] = RGBColor.luma(
                        red: pixels[3 * index], green: pixels[3 * index + 1], blue: pixels[3 * index + 2])
                }
                initialized = width * height
            }
            return PixelImage(uncheckedWidth: width, height: height, channels: 1, pixels: gray)
        case (1, 3):
            let (_, overflows) = pixels.count.multipliedReportingOverflow(by: 3)
            guard !overflows else { throw ImageError.invalidGeometry("The image is too large to convert to RGB.") }
            var color: [UInt8] = []
            color.reserveCapacity(pixels.count * 3)
            for value in pixels {
                color.append(value)
                color.append(value)
                color.append(value)
            }
            return PixelImage(uncheckedWidth: width, height: height, channels: 3, pixels: color)
        default:
            throw ImageError.invalidGeometry("An image cannot have \(count) channels; use 1 (gray) or 3 (RGB).")
        }
    }
}
