import Images
import Testing

struct PNGTests {
    @Test(arguments: [(1, 1, 1), (1, 1, 3), (7, 5, 1), (64, 33, 3), (513, 2, 3)])
    func whatIsWrittenIsReadAgain(width: Int, height: Int, channels: Int) throws {
        let image = try Fixtures.pattern(width, height, channels)
        #expect(try PNG.decode(PNG.encode(image)) == image)
    }

    @Test func noiseFitsAlthoughItDoesNotCompress() throws {
        var random = SplitMix64(state: 5)
        let pixels = (0..<3 * 300 * 300).map { _ in UInt8.random(in: 0...255, using: &random) }
        let image = try PixelImage(width: 300, height: 300, channels: 3, pixels: pixels)
        #expect(try PNG.decode(PNG.encode(image)) == image)
    }

    @Test func refusesToWriteWhatLibpngCannotHold() throws {
        let strip = try PixelImage(
            width: 1_000_001, height: 1, channels: 1, pixels: [UInt8](repeating: 0, count: 1_000_001))
        #expect(throws: ImageError.self) { try PNG.encode(strip) }
    }

    /// Alpha is composed on black: 200 * 128 / 255 is 100.4, 10 * 51 / 255 is 2.
    @Test(
        arguments: [
            (Fixtures.grayPNG, 1, [0, 37, 74, 59, 96, 133]),
            (Fixtures.grayAlphaPNG, 1, [200, 100, 0, 2]),
            (Fixtures.colorAlphaPNG, 3, [255, 100, 50, 128, 50, 25]),
            (Fixtures.palettePNG, 3, [10, 20, 30, 200, 100, 50]),
            (Fixtures.transparentPalettePNG, 3, [0, 0, 0, 200, 100, 50]),
            (Fixtures.oneBitPNG, 1, [255, 0, 255, 0, 255, 0, 255, 0, 255, 0]),
            (Fixtures.sixteenBitPNG, 1, [0, 128, 255]),
        ] as [([UInt8], Int, [UInt8])])
    func everyKindBecomesGrayOrColor(bytes: [UInt8], channels: Int, expected: [UInt8]) throws {
        let image = try PNG.decode(bytes)
        #expect(image.channels == channels)
        #expect(image.pixels == expected)
    }

    @Test func everyTruncationIsAnError() throws {
        let bytes = try PNG.encode(Fixtures.pattern(20, 20, 3))
        for count in 0..<bytes.count - 4 {  // The last four bytes are the checksum of the empty end chunk.
            #expect(throws: ImageError.self, "cut to \(count) bytes") { try PNG.decode(Array(bytes.prefix(count))) }
        }
    }

    @Test(arguments: [(0x8000_0000, 0x8000_0000), (0x7FFF_FFFF, 0x7FFF_FFFF), (20_000, 20_000), (0xFFFF_FFFF, 1)])
    func hostileDimensionsAreRefusedBeforeAllocating(width: Int, height: Int) throws {
        let bytes = header(width: width, height: height)
        #expect(throws: ImageError.tooManyPixels(width: width, height: height, maximum: 100_000_000)) {
            try PNG.decode(bytes)
        }
        #expect(throws: ImageError.self) { try PNG.decode(bytes, maximumPixels: Int.max) }
    }

    @Test func aFewBytesCannotClaimManyPixels() {
        let error = #expect(throws: ImageError.self) { try PNG.decode(header(width: 10_000, height: 10_000)) }
        #expect(error?.description.contains("10000 x 10000") == true)
    }

    @Test func theLimitIsTheCallers() throws {
        let bytes = try PNG.encode(Fixtures.pattern(10, 10, 1))
        #expect(try PNG.decode(bytes, maximumPixels: 100).width == 10)
        #expect(throws: ImageError.tooManyPixels(width: 10, height: 10, maximum: 99)) {
            try PNG.decode(bytes, maximumPixels: 99)
        }
        #expect(throws: ImageError.self) { try PNG.decode(bytes, maximumPixels: -1) }
    }

    @Test func zeroDimensionsAreRefused() {
        #expect(throws: ImageError.self) { try PNG.decode(header(width: 0, height: 5)) }
        #expect(throws: ImageError.self) { try PNG.decode(header(width: 5, height: 0)) }
    }

    @Test func flippedBytesNeverCrash() throws {
        for bytes in [
            try PNG.encode(Fixtures.pattern(24, 17, 3)), Fixtures.palettePNG, Fixtures.grayAlphaPNG,
            Fixtures.sixteenBitPNG,
        ] {
            flipBytes(of: bytes, rounds: 1500) { _ = try PNG.decode($0, maximumPixels: 1_000_000) }
            // With checksums made right again the damage reaches what lies behind them.
            flipBytes(of: bytes, rounds: 1500) { _ = try PNG.decode(repaired($0), maximumPixels: 1_000_000) }
        }
    }

    @Test func repairingLeavesAGoodFileAsItIs() throws {
        let bytes = try PNG.encode(Fixtures.pattern(24, 17, 3))
        #expect(repaired(bytes) == bytes)
    }

    /// The file with every chunk's checksum recomputed, as far as its chunks can be followed.
    private func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        var position = 8
        while bytes.count - position >= 12 {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= bytes.count - position - 12 else { break }
            var sum: UInt32 = 0xFFFF_FFFF
            for byte in bytes[position + 4..<position + 8 + length] {
                sum ^= UInt32(byte)
                for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
            }
            for index in 0..<4 {
                result[position + 8 + length + index] = UInt8(truncatingIfNeeded: ~sum >> (24 - 8 * index))
            }
            position += 12 + length
        }
        return result
    }

    /// A gray PNG of a header and an end, with no pixels. Its checksums are wrong, which must not matter yet.
    private func header(width: Int, height: Int) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
        return PNG.signature + word(13) + Array("IHDR".utf8) + word(width) + word(height) + [8, 0, 0, 0, 0] + word(0)
            + word(0) + Array("IEND".utf8) + word(0)
    }
}

/// Hands `attempt` damaged copies of `bytes`; it may throw an ``ImageError`` and nothing else.
func flipBytes(of bytes: [UInt8], rounds: Int, _ attempt: ([UInt8]) throws -> Void) {
    var random = SplitMix64(state: 42)
    for _ in 0..<rounds {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        do {
            try attempt(damaged)
        } catch {
            #expect(error is ImageError)
        }
    }
}
