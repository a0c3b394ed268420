import Images
import Testing

struct JPEGTests {
    /// Expected: what Pillow 13.0.0 decodes at the corners and at (8, 6). A tolerance of 3, because releases of
    /// libjpeg-turbo differ in how they interpolate color.
    @Test(arguments: [
        (Fixtures.colorJPEG, [[0, 2, 119], [230, 6, 182], [11, 210, 93], [243, 214, 156], [129, 121, 136]]),
        (Fixtures.progressiveJPEG, [[4, 0, 121], [229, 6, 185], [13, 211, 90], [238, 217, 154], [130, 119, 136]]),
        (Fixtures.grayJPEG, [[14], [93], [137], [216], [125]]),
    ])
    func valuesEqualPillows(bytes: [UInt8], expected: [[Int]]) throws {
        let image = try JPEG.decode(bytes)
        #expect(image.width == 16 && image.height == 12)
        #expect(image.channels == expected[0].count)
        for ((x, y), values) in zip([(0, 0), (15, 0), (0, 11), (15, 11), (8, 6)], expected) {
            for (channel, value) in values.enumerated() {
                let actual = Int(image.pixels[(y * 16 + x) * image.channels + channel])
                #expect(abs(actual - value) <= 3, "(\(x), \(y)) channel \(channel): \(actual), expected \(value)")
            }
        }
    }

    /// Expected: Pillow's `convert("RGB")` of the same file is (164, 73, 187).
    @Test func inksBecomeColors() throws {
        let image = try JPEG.decode(Fixtures.inkJPEG)
        #expect(image.width == 8 && image.height == 8 && image.channels == 3)
        for (value, expected) in zip(image.pixels.prefix(3), [164, 73, 187]) {
            #expect(abs(Int(value) - expected) <= 3)
        }
    }

    @Test(arguments: [Fixtures.colorJPEG, Fixtures.grayJPEG, Fixtures.progressiveJPEG])
    func everyTruncationIsAnError(bytes: [UInt8]) {
        for count in 0..<bytes.count {
            #expect(throws: ImageError.self, "cut to \(count) bytes") { try JPEG.decode(Array(bytes.prefix(count))) }
        }
    }

    /// The frame header claims 65,500 x 65,500 pixels.
    @Test func hostileDimensionsAreRefusedBeforeAllocating() throws {
        var bytes = Fixtures.colorJPEG
        let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC0]) })
        bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
        #expect(throws: ImageError.tooManyPixels(width: 65_500, height: 65_500, maximum: 100_000_000)) {
            try JPEG.decode(bytes)
        }
    }

    @Test func theLimitIsTheCallers() throws {
        #expect(try JPEG.decode(Fixtures.grayJPEG, maximumPixels: 192).width == 16)
        #expect(throws: ImageError.tooManyPixels(width: 16, height: 12, maximum: 191)) {
            try JPEG.decode(Fixtures.grayJPEG, maximumPixels: 191)
        }
    }

    @Test(arguments: [Fixtures.colorJPEG, Fixtures.grayJPEG, Fixtures.progressiveJPEG, Fixtures.inkJPEG])
    func flippedBytesNeverCrash(bytes: [UInt8]) {
        flipBytes(of: bytes, rounds: 1500) { _ = try JPEG.decode($0, maximumPixels: 1_000_000) }
    }
}
