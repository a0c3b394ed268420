import Images
import Testing

struct SampleSheetTests {
    @Test(arguments: [
        (64, 8 * 58 + 2, 8 * 58 + 2), (1, 60, 60), (9, 8 * 58 + 2, 2 * 58 + 2), (3, 3 * 58 + 2, 60),
    ])
    func theSheetIsAsLargeAsItsTiles(count: Int, width: Int, height: Int) throws {
        let images = Array(try Examples.discs.prefix(count))
        let sheet = try SampleSheet().compose(images)
        #expect(sheet.width == width && sheet.height == height && sheet.channels == 3)
    }

    @Test func everyPixelIsWhereItBelongs() throws {
        let first = try PixelImage(width: 2, height: 1, channels: 1, pixels: [10, 20])
        let second = try PixelImage(width: 2, height: 1, channels: 1, pixels: [30, 40])
        let third = try PixelImage(width: 2, height: 1, channels: 1, pixels: [50, 60])
        let sheet = try SampleSheet(columns: 2, padding: 1, scale: 2, background: RGBColor(gray: 7))
            .compose([first, second, third])
        #expect(sheet.channels == 1 && sheet.width == 11 && sheet.height == 7)
        let tiles: [UInt8] = [7, 10, 10, 20, 20, 7, 30, 30, 40, 40, 7]
        let last: [UInt8] = [7, 50, 50, 60, 60, 7, 7, 7, 7, 7, 7]
        let gap = [UInt8](repeating: 7, count: 11)
        #expect(sheet.pixels == gap + tiles + tiles + gap + last + last + gap)
    }

    @Test func oneColorImageMakesTheSheetColor() throws {
        let gray = try PixelImage(width: 1, height: 1, channels: 1, pixels: [9])
        let color = try PixelImage(width: 1, height: 1, channels: 3, pixels: [1, 2, 3])
        let sheet = try SampleSheet(padding: 0, scale: 1, background: RGBColor(gray: 0)).compose([gray, color])
        #expect(sheet.pixels == [9, 9, 9, 1, 2, 3])
    }

    @Test func whatHasNoSheetIsRefused() throws {
        let small = try Fixtures.pattern(2, 2, 1)
        let large = try Fixtures.pattern(3, 2, 1)
        #expect(throws: ImageError.self) { try SampleSheet().compose([]) }
        #expect(throws: ImageError.self) { try SampleSheet().compose([small, large]) }
        #expect(throws: ImageError.self) { try SampleSheet(columns: 0).compose([small]) }
        #expect(throws: ImageError.self) { try SampleSheet(padding: -1).compose([small]) }
        #expect(throws: ImageError.self) { try SampleSheet(scale: 0).compose([small]) }
        let huge = try PixelImage(width: 4000, height: 1, channels: 1, pixels: [UInt8](repeating: 0, count: 4000))
        #expect(throws: ImageError.self) {
            try SampleSheet(scale: 64).compose([PixelImage](repeating: huge, count: 64))
        }
    }

    @Test func manyColumnsDoNotWidenASmallSheet() throws {
        let small = try Fixtures.pattern(2, 2, 1)
        #expect(try SampleSheet(columns: Int.max).compose([small, small]).width == 14)
    }
}
