/// An opaque color with 8 bits per channel.
public struct RGBColor: Equatable, Hashable, Sendable {
    /// The red component, 0 to 255.
    public var red: UInt8
    /// The green component, 0 to 255.
    public var green: UInt8
    /// The blue component, 0 to 255.
    public var blue: UInt8

    /// Creates a color from its three components.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Creates a shade of gray: 0 is black, 255 is white.
    public init(gray: UInt8) {
        self.init(red: gray, green: gray, blue: gray)
    }

    /// Creates a color from a number such as `0x1E293B`; bits above the lowest 24 are ignored.
    public init(hex: UInt32) {
        self.init(
            red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
            blue: UInt8(truncatingIfNeeded: hex))
    }

    /// Whether the three components are equal.
    public var isGray: Bool { red == green && green == blue }

    /// Returns the Rec. 601 luma, rounded as in Pillow.
    static func luma(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
        UInt8(truncatingIfNeeded: (UInt32(red) * 19595 + UInt32(green) * 38470 + UInt32(blue) * 7471 + 0x8000) >> 16)
    }
}

extension RGBColor {
    /// The dark slate background of sample sheets.
    public static let slate = RGBColor(hex: 0x1E293B)
}
