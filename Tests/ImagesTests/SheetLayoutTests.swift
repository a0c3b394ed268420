import Images
import Testing

@Suite struct SheetLayoutTests {
    /// Squares of a gradient in each of which one corner is darker, no two alike.
    private func images(_ count: Int, side: Int = 8, edge: Bool = true) throws -> [PixelImage] {
        try (0..<count).map { number in
            let pixels = (0..<side * side).map { place -> UInt8 in
                let (y, x) = place.quotientAndRemainder(dividingBy: side)
                let isEdge = x == 0 || y == 0 || x == side - 1 || y == side - 1
                return isEdge && !edge ? 0 : UInt8(40 + (x * 13 + y * 7 + number * 31) % 200)
            }
            return try PixelImage(width: side, height: side, channels: 1, pixels: pixels)
        }
    }

    private func sheet(
        _ images: [PixelImage], columns: Int, padding: Int, border: Int? = nil, background: UInt8 = 0
    ) throws -> PixelImage {
        let side = images[0].width
        let border = border ?? padding
        let rows = (images.count + columns - 1) / columns
        let width = columns * (side + padding) - padding + 2 * border
        let height = rows * (side + padding) - padding + 2 * border
        var pixels = [UInt8](repeating: background, count: width * height)
        for (place, image) in images.enumerated() {
            for y in 0..<side {
                for x in 0..<side {
                    let left = border + place % columns * (side + padding) + x
                    pixels[(border + place / columns * (side + padding) + y) * width + left] =
                        image.pixels[y * side + x]
                }
            }
        }
        return try PixelImage(width: width, height: height, channels: 1, pixels: pixels)
    }

    /// As `make_grid` draws them (padding 2, black), with white lines, without an outer line, edge to edge.
    @Test(arguments: [(2, 2, UInt8(0)), (1, 1, 255), (3, 0, 128), (0, 0, 0)])
    func sheetsAreCutIntoTheirImages(padding: Int, border: Int, background: UInt8) throws {
        let images = try images(20)
        let sheet = try sheet(images, columns: 5, padding: padding, border: border, background: background)
        let layout = try #require(SheetLayout(of: sheet, sides: [8, 16]))
        #expect(layout.side == 8 && layout.padding == padding && layout.columns == 5 && layout.rows == 4)
        #expect(layout.cut(sheet) == images)
        #expect(try SheetLayout(of: sheet.converted(toChannels: 3), sides: [8]) == layout)
    }

    /// Digits have empty edges, so that pixels across the edges of two of them do not differ at all.
    @Test func imagesWithEmptyEdgesAreCutApartWithoutLines() throws {
        let images = try images(9, edge: false)
        let sheet = try sheet(images, columns: 3, padding: 0)
        #expect(SheetLayout(of: sheet, sides: [8])?.cut(sheet) == images)
    }

    @Test func emptyPlacesAtTheEndAreNoImages() throws {
        let images = try images(13)
        let sheet = try sheet(images, columns: 8, padding: 2)
        #expect(SheetLayout(of: sheet, sides: [8])?.cut(sheet) == images)
    }

    @Test func oneImageIsNoSheet() throws {
        let one = try images(1, side: 48)[0]
        #expect(SheetLayout(of: one, sides: [8, 16, 24]) == nil)
        #expect(SheetLayout(of: one, sides: [48, 64]) == nil)
        let flat = try PixelImage(width: 30, height: 30, channels: 1, pixels: [UInt8](repeating: 7, count: 900))
        #expect(SheetLayout(of: flat, sides: [13]) == nil)
    }
}
