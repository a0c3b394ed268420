/// An RGB image to draw on. Drawing outside its bounds is clipped.
struct Canvas {
    let width: Int
    let height: Int
    private var pixels: [UInt8]

    init(width: Int, height: Int, background: RGBColor) {
        self.width = width
        self.height = height
        pixels = []
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<width * height {
            pixels.append(background.red)
            pixels.append(background.green)
            pixels.append(background.blue)
        }
    }

    var image: PixelImage {
        PixelImage(uncheckedWidth: width, height: height, channels: 3, pixels: pixels)
    }

    /// Blends `color` into a pixel; an opacity of 1 replaces the pixel.
    mutating func blend(_ x: Int, _ y: Int, _ color: RGBColor, opacity: Double) {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let index = (y * width + x) * 3
        pixels[index] = Self.mixed(pixels[index], color.red, opacity)
        pixels[index + 1] = Self.mixed(pixels[index + 1], color.green, opacity)
        pixels[index + 2] = Self.mixed(pixels[index + 2], color.blue, opacity)
    }

    mutating func fillRectangle(left: Int, top: Int, width: Int, height: Int, _ color: RGBColor) {
        guard width > 0, height > 0 else { return }
        for y in top..<top + height {
            for x in left..<left + width { blend(x, y, color, opacity: 1) }
        }
    }

    /// Draws a rectangle's outline, one pixel wide, inside the given bounds.
    mutating func strokeRectangle(left: Int, top: Int, width: Int, height: Int, _ color: RGBColor) {
        fillRectangle(left: left, top: top, width: width, height: 1, color)
        fillRectangle(left: left, top: top + height - 1, width: width, height: 1, color)
        fillRectangle(left: left, top: top, width: 1, height: height, color)
        fillRectangle(left: left + width - 1, top: top, width: 1, height: height, color)
    }

    /// Paints the shapes of a mask in one color.
    mutating func paint(_ mask: CoverageMask, _ color: RGBColor, opacity: Double = 1) {
        var index = 0
        for y in mask.top..<mask.top + mask.height {
            for x in mask.left..<mask.left + mask.width {
                let coverage = mask.values[index]
                index += 1
                if coverage > 0 { blend(x, y, color, opacity: Double(coverage) * opacity) }
            }
        }
    }

    /// Draws a disc that blends with everything below it, including other discs.
    mutating func fillDisc(around center: Position, radius: Double, _ color: RGBColor, opacity: Double) {
        let reach = Int(radius.rounded(.up)) + 2
        var mask = CoverageMask(
            left: Int(center.x) - reach, top: Int(center.y) - reach, width: 2 * reach, height: 2 * reach)
        mask.stroke(from: center, to: center, thickness: 2 * radius)
        paint(mask, color, opacity: opacity)
    }

    private static func mixed(_ below: UInt8, _ above: UInt8, _ opacity: Double) -> UInt8 {
        UInt8(min(max(Double(below) + (Double(above) - Double(below)) * opacity + 0.5, 0), 255))
    }
}
