import CCairo
import Images

/// How a line is drawn.
struct LineStyle {
    var color: RGBColor
    var opacity = 1.0
    /// The thickness in units.
    var thickness: Double
    /// The lengths of dashes and gaps in units; empty for a solid line.
    var dashes: [Double] = []
    /// Draws a thin line with many turns, such as noise, several times faster: its ends and joins are not round, and its
    /// edges are less smooth.
    var isRough = false
}

extension Canvas {
    /// Fills a rectangle; in an image, its edges are moved to the nearest pixels and it covers at least one.
    func fill(_ area: Rectangle, _ color: RGBColor) {
        use(color)
        outline(area)
        cairo_fill(context)
    }

    /// Draws a horizontal line, 1 unit thick, whose top edge is at `top`.
    func drawRule(from left: Double, to right: Double, top: Double, _ color: RGBColor) {
        fill(Rectangle(left: left, top: top, width: right - left, height: 1), color)
    }

    /// Draws a vertical line, 1 unit thick, whose left edge is at `left`.
    func drawRule(left: Double, from top: Double, to bottom: Double, _ color: RGBColor) {
        fill(Rectangle(left: left, top: top, width: 1, height: bottom - top), color)
    }

    /// Draws lines through positions, and a dot for a line of one position. They are one shape, so translucent lines do
    /// not darken where they overlap.
    func stroke(_ lines: [[Position]], _ style: LineStyle) {
        for line in lines {
            let positions = line.lazy.filter(\.isFinite).map(Self.clamped)
            guard let first = positions.first else { continue }
            cairo_move_to(context, first.x, first.y)
            if line.count == 1 { cairo_line_to(context, first.x, first.y) }
            for position in positions.dropFirst() { cairo_line_to(context, position.x, position.y) }
        }
        cairo_save(context)
        if style.isRough {
            cairo_set_line_join(context, CAIRO_LINE_JOIN_BEVEL)
            cairo_set_line_cap(context, CAIRO_LINE_CAP_BUTT)
            cairo_set_antialias(context, CAIRO_ANTIALIAS_FAST)
        }
        cairo_set_dash(context, style.dashes, Int32(style.dashes.count), 0)
        stroke(style)
        cairo_restore(context)
    }

    /// Draws circles as one shape.
    func strokeCircles(around centers: [Position], radius: Double, _ style: LineStyle) {
        for center in centers.lazy.filter(\.isFinite).map(Self.clamped) {
            cairo_new_sub_path(context)
            cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
        }
        stroke(style)
    }

    /// Fills the area that a closed line encloses.
    func fillPolygon(_ corners: [Position], _ color: RGBColor) {
        for corner in corners.lazy.filter(\.isFinite).map(Self.clamped) { cairo_line_to(context, corner.x, corner.y) }
        cairo_close_path(context)
        use(color)
        cairo_fill(context)
    }

    /// Limits what `draw` draws to a part of the canvas.
    func clipped(to area: Rectangle, _ draw: () -> Void) {
        cairo_save(context)
        outline(area)
        cairo_clip(context)
        draw()
        cairo_restore(context)
    }

    private func stroke(_ style: LineStyle) {
        use(style.color, opacity: style.opacity)
        cairo_set_line_width(context, style.thickness)
        cairo_stroke(context)
    }

    private func outline(_ area: Rectangle) {
        guard area.left.isFinite, area.top.isFinite, area.width > 0, area.height > 0 else { return }
        let corner = Self.clamped(Position(x: area.left, y: area.top))
        let opposite = Self.clamped(Position(x: area.right, y: area.bottom))
        let (left, top) = (aligned(corner.x), aligned(corner.y))
        cairo_rectangle(
            context, left, top, max(aligned(opposite.x - corner.x), pixel), max(aligned(opposite.y - corner.y), pixel))
    }

    /// Keeps coordinates within the range of Cairo's fixed-point numbers.
    private static func clamped(_ position: Position) -> Position {
        let limit = 1e6
        return Position(x: min(max(position.x, -limit), limit), y: min(max(position.y, -limit), limit))
    }
}
