import CCairo
import Images

/// Draws pixels in memory.
enum RasterSurface {
    /// Returns what `draw` draws on a canvas with `scale` pixels per unit.
    static func image(
        width: Int, height: Int, scale: Double, _ draw: (Canvas) -> Void
    ) throws -> PixelImage {
        try Canvas.exclusively { typefaces in
            let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
            defer { cairo_surface_destroy(surface) }
            let canvas = Canvas(surface, typefaces, pixelsPerUnit: scale)
            draw(canvas)
            try canvas.finish(format: "a chart")
            guard let rows = cairo_image_surface_get_data(surface) else { throw Canvas.failure("a chart", "no pixels") }
            let stride = Int(cairo_image_surface_get_stride(surface))
            return try PixelImage(
                width: width, height: height, channels: 3,
                pixels: colors(UnsafePointer(rows), stride: stride, width: width, height: height))
        }
    }

    /// Cairo stores a pixel as a 32-bit word in the machine's byte order: `0x00RRGGBB`.
    private static func colors(_ rows: UnsafePointer<UInt8>, stride: Int, width: Int, height: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: width * height * 3) { pixels, count in
            var index = 0
            for y in 0..<height {
                let row = UnsafeRawPointer(rows + y * stride).assumingMemoryBound(to: UInt32.self)
                for x in 0..<width {
                    let word = row[x]
                    pixels[index] = UInt8(truncatingIfNeeded: word >> 16)
                    pixels[index + 1] = UInt8(truncatingIfNeeded: word >> 8)
                    pixels[index + 2] = UInt8(truncatingIfNeeded: word)
                    index += 3
                }
            }
            count = index
        }
    }
}
