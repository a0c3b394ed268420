/// A sheet: a grid of equally sized images.
public struct SampleSheet: Equatable, Sendable {
    /// The largest sheet that ``compose(_:)`` produces, in pixels.
    public static let maximumPixels = 100_000_000

    /// The number of images per row; a sheet of fewer images is only as wide as they are.
    public var columns: Int
    /// The gap between images, and the margin around them, in pixels of the sheet.
    public var padding: Int
    /// The enlargement: each image pixel becomes `scale` x `scale` pixels of the sheet.
    public var scale: Int
    /// The color of the gaps and the margin.
    public var background: RGBColor

    /// Creates a layout; the defaults suit images of 28 or 32 pixels.
    public init(columns: Int = 8, padding: Int = 2, scale: Int = 2, background: RGBColor = .slate) {
        self.columns = columns
        self.padding = padding
        self.scale = scale
        self.background = background
    }

    /// Returns the sheet, filled row by row from the top left.
    ///
    /// The sheet is gray if the background and every image are gray, and RGB otherwise. Its width is `columns * (width
    /// * scale + padding) + padding`; its height follows from the rows in the same way.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` for no images, unequal sizes or a layout value out of range;
    ///   ``ImageError/tooManyPixels(width:height:maximum:)`` for a sheet above ``maximumPixels``.
    public func compose(_ images: [PixelImage]) throws -> PixelImage {
        let (tileWidth, tileHeight) = try checkedSize(of: images)
        let columnCount = min(columns, images.count)
        let rowCount = (images.count + columnCount - 1) / columnCount
        let width = columnCount * (tileWidth * scale + padding) + padding
        let height = rowCount * (tileHeight * scale + padding) + padding
        guard width <= Self.maximumPixels / height else {
            throw ImageError.tooManyPixels(width: width, height: height, maximum: Self.maximumPixels)
        }

        let channels = background.isGray && images.allSatisfy { $0.channels == 1 } ? 1 : 3
        let backgroundPixel = channels == 1 ? [background.red] : [background.red, background.green, background.blue]
        var sheet = [UInt8](repeating: background.red, count: width * height * channels)
        if channels == 3 {
            for index in sheet.indices { sheet[index] = backgroundPixel[index % 3] }
        }
        for (index, image) in images.enumerated() {
            let tile = try image.converted(toChannels: channels)
            let left = padding + index % columnCount * (tileWidth * scale + padding)
            let top = padding + index / columnCount * (tileHeight * scale + padding)
            for y in 0..<tileHeight * scale {
                let source = y / scale * tileWidth * channels
                let target = ((top + y) * width + left) * channels
                for x in 0..<tileWidth * scale {
                    for channel in 0..<channels {
                        sheet[target + x * channels + channel] = tile.pixels[source + x / scale * channels + channel]
                    }
                }
            }
        }
        return PixelImage(uncheckedWidth: width, height: height, channels: channels, pixels: sheet)
    }

    private func checkedSize(of images: [PixelImage]) throws -> (width: Int, height: Int) {
        guard let first = images.first else {
            throw ImageError.invalidGeometry("A sample sheet needs at least one image.")
        }
        guard columns >= 1, (0...1024).contains(padding), (1...64).contains(scale) else {
            throw ImageError.invalidGeometry(
                "A sample sheet cannot have \(columns) columns, a padding of \(padding) and a scale of \(scale); use at least 1 "
                    + "column, a padding of 0 to 1024 and a scale of 1 to 64.")
        }
        if let index = images.firstIndex(where: { $0.width != first.width || $0.height != first.height }) {
            throw ImageError.invalidGeometry(
                "Image \(index + 1) is \(images[index].width) x \(images[index].height) but the first is "
                    + "\(first.width) x \(first.height); a sample sheet needs images of one size.")
        }
        // Limiting the sides keeps every later product from overflowing.
        guard first.width <= Self.maximumPixels, first.height <= Self.maximumPixels else {
            throw ImageError.tooManyPixels(
                width: first.width, height: first.height, maximum: Self.maximumPixels)
        }
        return (first.width, first.height)
    }
}
