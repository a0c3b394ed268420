/// An opaque colour of 8 bits a channel.
public struct RGBColor: Equatable, Hashable, Sendable {
    /// The red part, 0 to 255.
    public var red: UInt8
    /// The green part, 0 to 255.
    public var green: UInt8
    /// The blue part, 0 to 255.
    public var blue: UInt8

    /// Makes a colour of its three parts.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Makes a shade of grey: 0 is black, 255 white.
    public init(grey: UInt8) {
        self.init(red: grey, green: grey, blue: grey)
    }

    /// Makes a colour of a number such as `0x1E293B`; bits above the lowest 24 are ignored.
    public init(hex: UInt32) {
        self.init(
            red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
            blue: UInt8(truncatingIfNeeded: hex))
    }

    /// Whether the three parts are equal.
    public var isGrey: Bool { red == green && green == blue }

    /// The Rec. 601 luma, rounded as Pillow rounds it.
    static func luma(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
        UInt8(truncatingIfNeeded: (UInt32(red) * 19595 + UInt32(green) * 38470 + UInt32(blue) * 7471 + 0x8000) >> 16)
    }
}

extension RGBColor {
    /// The dark slate behind sample sheets.
    public static let slate = RGBColor(hex: 0x1E293B)

    static let paper = RGBColor(hex: 0xFFFFFF)
    static let plotArea = RGBColor(hex: 0xF8FAFC)
    static let gridLine = RGBColor(hex: 0xE2E8F0)
    static let frame = RGBColor(hex: 0x94A3B8)
    static let mutedText = RGBColor(hex: 0x64748B)
    static let text = RGBColor(hex: 0x1E293B)
    static let alarm = RGBColor(hex: 0xDC2626)

    /// Colours of a chart's series, in order: distinct in hue and in lightness, none close to ``alarm``.
    static let series: [RGBColor] = [
        RGBColor(hex: 0x2563EB), RGBColor(hex: 0xF08C00), RGBColor(hex: 0x0F9D7A), RGBColor(hex: 0x9333EA),
        RGBColor(hex: 0x0891B2), RGBColor(hex: 0xBE5A9E), RGBColor(hex: 0x854D0E), RGBColor(hex: 0x475569),
    ]
}
