/// The size and integrity of a PNG, checked from its chunks before any pixel is decoded.
///
/// libpng alone stops reading after the last row, so it would accept a file without its end, and it would let a header
/// of a few bytes request gigabytes.
struct PNGStructure {
    let width: Int
    let height: Int

    init(checking bytes: [UInt8], maximumPixels: Int) throws {
        guard bytes.starts(with: PNG.signature) else {
            throw ImageError.malformed(format: "PNG", reason: "it does not start with the PNG signature")
        }
        guard bytes.count >= 33, Self.word(bytes, at: 8) == 13, Self.name(bytes, at: 12) == "IHDR" else {
            throw ImageError.malformed(format: "PNG", reason: "it does not start with a complete header")
        }
        let width = Self.word(bytes, at: 16)
        let height = Self.word(bytes, at: 20)
        guard width > 0, height > 0 else {
            throw ImageError.malformed(format: "PNG", reason: "its header declares \(width) x \(height) pixels")
        }
        guard width <= maximumPixels / height else {
            throw ImageError.tooManyPixels(width: width, height: height, maximum: maximumPixels)
        }
        guard width <= 1_000_000, height <= 1_000_000 else {
            throw ImageError.malformed(
                format: "PNG", reason: "\(width) x \(height) exceeds libpng's limit of 1000000 pixels per side")
        }
        try Self.checkEnd(of: bytes)

        // Deflate compresses at most 1032:1, and a pixel has at least the bits that the header declares.
        let samples = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][bytes[25]] ?? 1
        let rowBytes = (width * samples * Int(max(bytes[24], 1)) + 7) / 8
        guard rowBytes * height / 1032 <= bytes.count else {
            throw ImageError.malformed(
                format: "PNG",
                reason: "\(bytes.count) bytes cannot hold the \(width) x \(height) pixels that its header declares")
        }
        self.width = width
        self.height = height
    }

    /// Follows the chunks to `IEND`.
    private static func checkEnd(of bytes: [UInt8]) throws {
        var position = PNG.signature.count
        while bytes.count - position >= 12 {
            let length = word(bytes, at: position)
            guard length <= bytes.count - position - 12 else { break }
            if name(bytes, at: position + 4) == "IEND" { return }
            position += 12 + length
        }
        throw ImageError.malformed(format: "PNG", reason: "it ends early, after \(bytes.count) bytes")
    }

    /// The big-endian 32-bit number at `offset`.
    private static func word(_ bytes: [UInt8], at offset: Int) -> Int {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func name(_ bytes: [UInt8], at offset: Int) -> String {
        String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }
}
