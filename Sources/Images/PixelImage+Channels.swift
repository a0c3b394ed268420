extension PixelImage {
    /// The same picture in grey (1) or RGB (3); unchanged when it has that many channels already.
    ///
    /// RGB becomes grey by the luma of ITU-R Rec. 601 in the fixed-point form that Pillow's `convert("L")` uses, so
    /// that the values are equal: `(19595 R + 38470 G + 7471 B + 32768) >> 16`. Grey becomes RGB by repetition.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when `count` is neither 1 nor 3.
    public func converted(toChannels count: Int) throws -> PixelImage {
        switch (channels, count) {
        case (1, 1), (3, 3):
            return self
        case (3, 1):
            let grey = [UInt8](unsafeUninitializedCapacity: width * height) { buffer, initialized in
                for index in 0..<width * height {
                    buffer[index] = RGBColor.luma(
                        red: pixels[3 * index], green: pixels[3 * index + 1], blue: pixels[3 * index + 2])
                }
                initialized = width * height
            }
            return PixelImage(uncheckedWidth: width, height: height, channels: 1, pixels: grey)
        case (1, 3):
            let (_, overflows) = pixels.count.multipliedReportingOverflow(by: 3)
            guard !overflows else { throw ImageError.invalidGeometry("The picture is too large to become RGB.") }
            var colour: [UInt8] = []
            colour.reserveCapacity(pixels.count * 3)
            for value in pixels {
                colour.append(value)
                colour.append(value)
                colour.append(value)
            }
            return PixelImage(uncheckedWidth: width, height: height, channels: 3, pixels: colour)
        default:
            throw ImageError.invalidGeometry("A picture cannot have \(count) channels; use 1 (grey) or 3 (RGB).")
        }
    }
}
