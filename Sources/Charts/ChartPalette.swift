public import Images

/// The colors of a chart's series, in order. Further series repeat them with dashed and dotted lines.
public struct ChartPalette: Equatable, Sendable {
    /// At least one color.
    public let series: [RGBColor]

    /// Creates a palette; without any color, all series have the color of text.
    public init(series: [RGBColor]) {
        self.series = series.isEmpty ? [.text] : series
    }

    /// Bright colors for screens: distinct in hue and lightness, none close to the red of alarms.
    public static let screen = ChartPalette(series: [
        RGBColor(hex: 0x2563EB), RGBColor(hex: 0xF08C00), RGBColor(hex: 0x0F9D7A), RGBColor(hex: 0x9333EA),
        RGBColor(hex: 0x0891B2), RGBColor(hex: 0xBE5A9E), RGBColor(hex: 0x854D0E), RGBColor(hex: 0x475569),
    ])

    /// Colors that remain distinguishable in print and with most forms of color blindness (Okabe and Ito, 2008).
    public static let print = ChartPalette(series: [
        RGBColor(hex: 0x0072B2), RGBColor(hex: 0xD55E00), RGBColor(hex: 0x009E73), RGBColor(hex: 0xCC79A7),
        RGBColor(hex: 0xE69F00), RGBColor(hex: 0x56B4E9),
    ])

    func color(_ index: Int) -> RGBColor { series[index % series.count] }

    /// The lengths of dashes and gaps in units: none for the first round of colors, then dashes, then dots.
    func dashes(_ index: Int) -> [Double] {
        let patterns: [[Double]] = [[], [7, 5], [1, 4]]
        return patterns[index / series.count % patterns.count]
    }
}

extension RGBColor {
    static let paper = RGBColor(hex: 0xFFFFFF)
    static let plotArea = RGBColor(hex: 0xF8FAFC)
    static let gridLine = RGBColor(hex: 0xE2E8F0)
    static let frame = RGBColor(hex: 0x94A3B8)
    static let mutedText = RGBColor(hex: 0x64748B)
    static let text = RGBColor(hex: 0x1E293B)
    static let alarm = RGBColor(hex: 0xDC2626)
}
