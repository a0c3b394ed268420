/// Many equally sized pictures on one sheet, in rows, to be looked at together.
public struct SampleSheet: Equatable, Sendable {
    /// The largest sheet that ``compose(_:)`` makes, in pixels.
    public static let maximumPixels = 100_000_000

    /// Pictures a row; a sheet of fewer pictures is as wide as they are.
    public var columns: Int
    /// The sheet's pixels between two pictures and around them all.
    public var padding: Int
    /// How many of the sheet's pixels one pixel of a picture becomes on each side.
    public var scale: Int
    /// What shows between the pictures.
    public var background: RGBColor

    /// A layout; what is left out suits pictures of 28 or 32 pixels.
    public init(columns: Int = 8, padding: Int = 2, scale: Int = 2, background: RGBColor = .slate) {
        self.columns = columns
        self.padding = padding
        self.scale = scale
        self.background = background
    }

    /// The sheet: the first picture at the top left, then row by row.
    ///
    /// It is grey when every picture and the background are, RGB otherwise. Its width is
    /// `columns * (width * scale + padding) + padding`, its height the same over the rows.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` for no picture, unequal sizes or a layout that is not positive;
    ///   ``ImageError/tooManyPixels(width:height:maximum:)`` for a sheet above ``maximumPixels``.
    public func compose(_ pictures: [PixelImage]) throws -> PixelImage {
        let (tileWidth, tileHeight) = try checkedSize(of: pictures)
        let columnCount = min(columns, pictures.count)
        let rowCount = (pictures.count + columnCount - 1) / columnCount
        let width = columnCount * (tileWidth * scale + padding) + padding
        let height = rowCount * (tileHeight * scale + padding) + padding
        guard width <= Self.maximumPixels / height else {
            throw ImageError.tooManyPixels(width: width, height: height, maximum: Self.maximumPixels)
        }

        let channels = background.isGrey && pictures.allSatisfy { $0.channels == 1 } ? 1 : 3
        let backgroundPixel = channels == 1 ? [background.red] : [background.red, background.green, background.blue]
        var sheet = [UInt8](repeating: background.red, count: width * height * channels)
        if channels == 3 {
            for index in sheet.indices { sheet[index] = backgroundPixel[index % 3] }
        }
        for (index, picture) in pictures.enumerated() {
            let tile = try picture.converted(toChannels: channels)
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

    private func checkedSize(of pictures: [PixelImage]) throws -> (width: Int, height: Int) {
        guard let first = pictures.first else {
            throw ImageError.invalidGeometry("A sample sheet needs at least one picture.")
        }
        guard columns >= 1, (0...1024).contains(padding), (1...64).contains(scale) else {
            throw ImageError.invalidGeometry(
                "A sample sheet cannot have \(columns) columns, padding \(padding) and scale \(scale); use at least 1 "
                    + "column, a padding of 0 to 1024 and a scale of 1 to 64.")
        }
        if let index = pictures.firstIndex(where: { $0.width != first.width || $0.height != first.height }) {
            throw ImageError.invalidGeometry(
                "Picture \(index + 1) is \(pictures[index].width) x \(pictures[index].height) but the first is "
                    + "\(first.width) x \(first.height); a sample sheet needs pictures of one size.")
        }
        // Sides within the limit keep every product below from overflowing.
        guard first.width <= Self.maximumPixels, first.height <= Self.maximumPixels else {
            throw ImageError.tooManyPixels(
                width: first.width, height: first.height, maximum: Self.maximumPixels)
        }
        return (first.width, first.height)
    }
}
