import CCairo
import Images

/// A size, weight and color of text.
///
/// In multiples of 11/8 units, capitals and small letters are whole units high, which makes them sharp in an image.
struct TextStyle {
    /// The size of the font in units.
    var size: Double
    var weight = Typefaces.Weight.regular
    var color: RGBColor

    /// The height of capitals and digits in units.
    var capitalHeight: Double { size * 8 / 11 }

    /// The part of a text that its x coordinate refers to.
    enum Alignment { case left, center, right }
}

extension Canvas {
    /// Returns the width of a text in units.
    func width(of text: String, _ style: TextStyle) -> Double {
        select(style)
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, OneLine.text(text), &extents)
        return extents.x_advance
    }

    /// Returns `text`, shortened and ended with "…" if it is wider than `limit` units.
    func fitted(_ text: String, into limit: Double, _ style: TextStyle) -> String {
        let start = text.prefix(512)
        if start.endIndex == text.endIndex, width(of: text, style) <= limit { return text }
        var (fitting, tooLong) = (0, start.count + 1)
        while tooLong - fitting > 1 {
            let middle = (fitting + tooLong) / 2
            if width(of: start.prefix(middle) + "…", style) <= limit { fitting = middle } else { tooLong = middle }
        }
        return start.prefix(fitting) + "…"
    }

    /// Draws one line of text on a baseline. Characters that the font lacks are drawn as boxes.
    func write(
        _ text: String, x: Double, baseline: Double, _ style: TextStyle, alignment: TextStyle.Alignment = .left
    ) {
        let line = OneLine.text(text)
        let left =
            switch alignment {
            case .left: x
            case .center: x - width(of: text, style) / 2
            case .right: x - width(of: text, style)
            }
        guard left.isFinite, baseline.isFinite else { return }
        select(style)
        use(style.color)
        cairo_move_to(context, left, aligned(baseline))
        if isRaster {
            // Glyphs would be moved to whole pixels, which makes the gaps between letters uneven.
            cairo_text_path(context, line)
            cairo_fill(context)
        } else {
            cairo_show_text(context, line)
        }
        cairo_new_path(context)
    }

    /// Makes letters independent of the resolution and of the system's settings.
    func useUnhintedText() {
        let options = cairo_font_options_create()
        defer { cairo_font_options_destroy(options) }
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_set_font_options(context, options)
    }

    private func select(_ style: TextStyle) {
        cairo_set_font_face(context, typefaces[style.weight])
        cairo_set_font_size(context, style.size)
    }
}
