import Foundation
import Images

/// A small generator of repeatable random numbers: SplitMix64 (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// Images that tests check and people look at.
enum Examples {
    /// Sixty-four gray images of 28 pixels.
    static var discs: [PixelImage] {
        get throws {
            try (0..<64).map { index in
                let radius = 4 + Double(index % 8)
                let pixels: [UInt8] = (0..<784).map { position in
                    let dx = Double(position % 28) - 13.5
                    let dy = Double(position / 28) - 13.5
                    let inside = radius + Double(index / 8) / 2 - (dx * dx + dy * dy).squareRoot()
                    return UInt8(min(max(inside * 90, 0), 255))
                }
                return try PixelImage(width: 28, height: 28, channels: 1, pixels: pixels)
            }
        }
    }
}
