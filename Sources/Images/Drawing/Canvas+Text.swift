/// A size and weight of the built-in font.
struct TextStyle {
    /// The distance in pixels between neighboring points of the glyph grid; capitals are six such units high.
    var unit: Double
    /// The stroke width of the letters in pixels.
    var thickness: Double
    var color: RGBColor

    /// The side of a text that its x coordinate refers to.
    enum Alignment { case left, center, right }

    /// Returns the width of `text` in pixels, from its left edge to its right edge.
    func width(of text: String) -> Double {
        let advances = text.reduce(0.0) { $0 + Glyph.of($1).width - 1 + Self.gap }
        return max(advances - Self.gap, 0) * unit + thickness
    }

    /// The height of capitals and digits in pixels.
    var capitalHeight: Double { Glyph.baseline * unit + thickness }

    /// Returns `text`, shortened and ended with "..." if it is wider than `limit` pixels.
    func fitted(_ text: String, into limit: Double) -> String {
        if width(of: text) <= limit { return text }
        var shortened = String(text.prefix(512))
        while !shortened.isEmpty && width(of: shortened + "...") > limit { shortened.removeLast() }
        return shortened + "..."
    }

    /// Grid units between the last column of a glyph and the first column of the next.
    static let gap = 2.1
}

extension Canvas {
    /// Draws one line of text; `top` is the top of its capitals.
    mutating func write(
        _ text: String, x: Double, top: Double, _ style: TextStyle, alignment: TextStyle.Alignment = .left
    ) {
        let textWidth = style.width(of: text)
        let left =
            switch alignment {
            case .left: x
            case .center: x - textWidth / 2
            case .right: x - textWidth
            }
        let half = style.thickness / 2
        var mask = CoverageMask(
            left: Int(left.rounded(.down)) - 1, top: Int(top.rounded(.down)) - 1,
            width: Int(textWidth.rounded(.up)) + 3,
            height: Int((Glyph.lowestRow * style.unit + style.thickness).rounded(.up)) + 3)
        var pen = left + half
        for character in text {
            let glyph = Glyph.of(character)
            for line in glyph.lines {
                mask.stroke(
                    from: Position(x: pen + line.from.x * style.unit, y: top + half + line.from.y * style.unit),
                    to: Position(x: pen + line.to.x * style.unit, y: top + half + line.to.y * style.unit),
                    thickness: style.thickness)
            }
            pen += (glyph.width - 1 + TextStyle.gap) * style.unit
        }
        paint(mask, style.color)
    }
}
