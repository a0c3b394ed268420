/// The layout of a sheet: equal square tiles in rows, separated by lines of one color or edge to edge, as torchvision's
/// `make_grid` and `save_image` and similar tools write them.
public struct SheetLayout: Equatable, Sendable {
    /// The side of a tile in pixels.
    public let side: Int
    /// The width of the lines between tiles, and of the border around the sheet, in pixels.
    public let padding, border: Int
    public let columns, rows: Int

    /// Detects the layout of a sheet; `nil` if the image does not look like a sheet.
    ///
    /// If there are lines between tiles, they must have one color, and there must be at least four tiles. Without
    /// lines, the sheet needs at least three rows and three columns, and neighboring pixels must differ clearly more
    /// across tile edges than elsewhere, or clearly less (tiles with empty edges).
    ///
    /// - Parameter sides: the tile sides to try, likeliest first.
    public init?(of sheet: PixelImage, sides: [Int]) {
        guard !sheet.isOfOneColor else { return nil }
        for side in sides {
            let found = SheetLayout.paddings.lazy.flatMap { padding in
                [padding, 0].lazy.compactMap { SheetLayout(sheet, side: side, padding: padding, border: $0) }
            }
            if let layout = found.first(where: { $0.columns * $0.rows >= 4 && $0.hasLines(in: sheet) }) {
                self = layout
                return
            }
        }
        // In an enlarged image most neighboring pixels are equal, so edges between tiles cannot be detected.
        guard sheet.withoutEnlargement.width == sheet.width else { return nil }
        for side in sides {
            if let layout = SheetLayout(sheet, side: side, padding: 0, border: 0),
                min(layout.columns, layout.rows) >= 3,
                layout.hasSeams(in: sheet)
            {
                self = layout
                return
            }
        }
        return nil
    }

    /// The line widths to try; `make_grid` draws 2 pixels by default.
    private static let paddings = [2, 1] + Array(3...16)

    private init?(_ sheet: PixelImage, side: Int, padding: Int, border: Int) {
        func count(_ length: Int) -> Int? {
            let (quotient, remainder) = (length - 2 * border + padding).quotientAndRemainder(dividingBy: side + padding)
            return remainder == 0 && quotient > 0 ? quotient : nil
        }
        guard let columns = count(sheet.width), let rows = count(sheet.height) else { return nil }
        (self.side, self.padding, self.border, self.columns, self.rows) = (side, padding, border, columns, rows)
    }

    /// Whether a position along one axis lies outside the tiles.
    private func isLine(_ position: Int) -> Bool {
        position < border || (position - border) % (side + padding) >= side
    }

    /// Whether the lines between the tiles have one color.
    private func hasLines(in sheet: PixelImage) -> Bool {
        let channels = sheet.channels
        var color: ArraySlice<UInt8>?
        var (same, all) = (0, 0)
        for y in 0..<sheet.height {
            let isRow = isLine(y)
            for x in 0..<sheet.width where isRow || isLine(x) {
                let start = (y * sheet.width + x) * channels
                let pixel = sheet.pixels[start..<start + channels]
                let line = color ?? pixel
                color = line
                all += 1
                // Tolerate JPEG blur.
                if zip(pixel, line).allSatisfy({ abs(Int($0) - Int($1)) <= 24 }) { same += 1 }
            }
        }
        return all > 0 && 100 * same >= 98 * all
    }

    /// Whether neighboring pixels differ clearly more, or clearly less, across tile edges than elsewhere.
    private func hasSeams(in sheet: PixelImage) -> Bool {
        var (across, within) = ((sum: 0, count: 0), (sum: 0, count: 0))
        let row = sheet.width * sheet.channels
        func add(_ first: Int, _ second: Int, isSeam: Bool) {
            let difference = abs(Int(sheet.pixels[first]) - Int(sheet.pixels[second]))
            if isSeam {
                across = (across.sum + difference, across.count + 1)
            } else {
                within = (within.sum + difference, within.count + 1)
            }
        }
        for y in 0..<sheet.height {
            for x in 0..<sheet.width {
                let place = y * row + x * sheet.channels
                if x > 0 { add(place, place - sheet.channels, isSeam: x % side == 0) }
                if y > 0 { add(place, place - row, isSeam: y % side == 0) }
            }
        }
        let (seams, others) = (
            Double(across.sum) / Double(max(1, across.count)), Double(within.sum) / Double(max(1, within.count))
        )
        return seams > 1.6 * others || seams < 0.4 * others
    }

    /// Returns the tiles of a sheet, row by row, without the empty ones at the end.
    public func cut(_ sheet: PixelImage) -> [PixelImage] {
        let channels = sheet.channels
        var images: [PixelImage] = []
        for place in 0..<columns * rows {
            let (row, column) = place.quotientAndRemainder(dividingBy: columns)
            let (top, left) = (border + row * (side + padding), border + column * (side + padding))
            var pixels: [UInt8] = []
            pixels.reserveCapacity(side * side * channels)
            for y in top..<top + side {
                let start = (y * sheet.width + left) * channels
                pixels += sheet.pixels[start..<start + side * channels]
            }
            images.append(PixelImage(uncheckedWidth: side, height: side, channels: channels, pixels: pixels))
        }
        // The last row may be incomplete.
        let empty = images.reversed().prefix { $0.isOfOneColor }.count
        return empty < columns ? images.dropLast(empty) : images
    }
}

extension PixelImage {
    /// Whether all pixels are equal.
    fileprivate var isOfOneColor: Bool {
        pixels.indices.allSatisfy { pixels[$0] == pixels[$0 % channels] }
    }

    /// The image at its original size, if each pixel was repeated to a square to enlarge it; otherwise the image
    /// itself.
    public var withoutEnlargement: PixelImage {
        let factor = (2...8).reversed().first { width % $0 == 0 && height % $0 == 0 && consistsOfSquares($0) }
        guard let factor else { return self }
        var small: [UInt8] = []
        small.reserveCapacity(pixels.count / (factor * factor))
        for y in stride(from: 0, to: height, by: factor) {
            for x in stride(from: 0, to: width, by: factor) {
                let start = (y * width + x) * channels
                small += pixels[start..<start + channels]
            }
        }
        return PixelImage(
            uncheckedWidth: width / factor, height: height / factor, channels: channels, pixels: small)
    }

    private func consistsOfSquares(_ side: Int) -> Bool {
        for y in 0..<height {
            for x in 0..<width {
                let own = (y * width + x) * channels
                let first = (y / side * side * width + x / side * side) * channels
                for channel in 0..<channels where pixels[own + channel] != pixels[first + channel] { return false }
            }
        }
        return true
    }
}
