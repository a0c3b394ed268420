import Images
import Testing

struct PixelImageTests {
    @Test(arguments: [
        (0, 1, 1, 0), (1, -1, 1, 1), (2, 2, 2, 8), (2, 2, 3, 11), (Int.max, 2, 3, 4), (1 << 40, 1 << 40, 1, 0),
    ])
    func refusesWhatIsNoImage(width: Int, height: Int, channels: Int, count: Int) {
        #expect(throws: ImageError.self) {
            try PixelImage(
                width: width, height: height, channels: channels, pixels: [UInt8](repeating: 0, count: count))
        }
    }

    /// Expected: `Image.frombytes("RGB", (4, 3), pattern).convert("L")` in Pillow 13.0.0.
    @Test func lumaEqualsPillow() throws {
        let gray = try Fixtures.pattern(4, 3, 3).converted(toChannels: 1)
        #expect(gray.pixels == [82, 119, 127, 164, 112, 149, 186, 73, 171, 58, 95, 132])
        #expect(gray.channels == 1 && gray.width == 4 && gray.height == 3)
    }

    @Test func pureColorsHaveTheirKnownLuma() throws {
        let colors = try PixelImage(
            width: 4, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
        #expect(try colors.converted(toChannels: 1).pixels == [76, 150, 29, 255])
    }

    @Test func grayRepeatsAsColorAndReturns() throws {
        let gray = try Fixtures.pattern(3, 2, 1)
        let color = try gray.converted(toChannels: 3)
        #expect(color.pixels == [0, 0, 0, 37, 37, 37, 74, 74, 74, 59, 59, 59, 96, 96, 96, 133, 133, 133])
        #expect(try color.converted(toChannels: 1) == gray)
        #expect(throws: ImageError.self) { try gray.converted(toChannels: 4) }
    }

    /// Expected: Pillow 13.0.0's `resize(…, Image.BILINEAR)` of the pattern and `crop`, sized and placed as
    /// torchvision's `Resize` and `CenterCrop` do.
    @Test(arguments: [
        (
            [7, 5, 3, 3],
            [
                44, 145, 130, 102, 172, 77, 170, 132, 116, 137, 113, 83, 179, 81, 141, 104, 108, 168, 160, 75, 169, 111,
                133, 117, 100, 172, 77,
            ] as [UInt8]
        ),
        (
            [5, 7, 8, 1],
            [
                64, 80, 103, 126, 150, 173, 183, 189, 102, 118, 141, 164, 188, 211, 129, 64, 139, 155, 178, 201, 196,
                161, 87, 31, 177, 193, 216, 239, 183, 46, 53, 69, 215, 159, 91, 114, 109, 73, 91, 107, 182, 117, 35, 58,
                82, 105, 128, 144, 57, 63, 73, 96, 120, 143, 166, 182, 71, 87, 110, 133, 157, 180, 203, 219,
            ] as [UInt8]
        ),
        ([40, 23, 4, 1], [129, 125, 128, 127, 126, 128, 128, 127, 128, 127, 127, 129, 130, 126, 129, 127] as [UInt8]),
        (
            [6, 6, 6, 1],
            [
                0, 37, 74, 111, 148, 185, 59, 96, 133, 170, 207, 244, 118, 155, 192, 229, 10, 47, 177, 214, 251, 32, 69,
                106, 236, 17, 54, 91, 128, 165, 39, 76, 113, 150, 187, 224,
            ] as [UInt8]
        ),
        ([300, 2, 3, 1], [143, 168, 193, 173, 198, 159, 202, 227, 124] as [UInt8]),
        (
            [9, 11, 4, 3],
            [
                99, 137, 101, 143, 122, 119, 135, 119, 153, 91, 136, 114, 136, 107, 134, 123, 142, 114, 128, 126, 122,
                135, 113, 141, 142, 119, 121, 135, 122, 140, 116, 136, 130, 118, 128, 114, 114, 142, 110, 127, 146, 106,
                140, 111, 147, 102, 125, 128,
            ] as [UInt8]
        ),
    ])
    func resizingEqualsPillow(geometry: [Int], expected: [UInt8]) throws {
        let resized = try Fixtures.pattern(geometry[0], geometry[1], geometry[3]).resizedAndCropped(toSize: geometry[2])
        #expect(resized.pixels == expected)
        #expect(resized.width == geometry[2] && resized.height == geometry[2] && resized.channels == geometry[3])
    }

    /// Without the crop before the scaling this would need 64 x 64,000,000 pixels.
    @Test func extremeProportionsCostNoMemory() throws {
        let strip = try PixelImage(
            width: 1_000_000, height: 1, channels: 1, pixels: [UInt8](repeating: 9, count: 1_000_000))
        #expect(try strip.resizedAndCropped(toSize: 64).pixels == [UInt8](repeating: 9, count: 64 * 64))
    }

    @Test(arguments: [0, -1, 16_385, Int.max])
    func refusesSizesOutOfRange(size: Int) throws {
        let image = try Fixtures.pattern(4, 3, 1)
        #expect(throws: ImageError.self) { try image.resizedAndCropped(toSize: size) }
    }
}
