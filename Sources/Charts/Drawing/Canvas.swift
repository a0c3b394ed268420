import CCairo
import Images
import Synchronization

/// A surface that a ``Chart`` is drawn on: an image, an SVG document or a PDF page.
///
/// Coordinates are in units from the top left corner; x points right and y points down. Drawing beyond the bounds is
/// clipped, and positions that are not finite are skipped.
public final class Canvas {
    let context: OpaquePointer?
    let typefaces: Typefaces
    /// The resolution of an image. `nil` for documents, whose edges need no alignment to pixels.
    private let pixelsPerUnit: Double?
    private let surface: OpaquePointer?

    var isRaster: Bool { pixelsPerUnit != nil }

    init(_ surface: OpaquePointer?, _ typefaces: Typefaces, pixelsPerUnit: Double?) {
        self.surface = surface
        self.typefaces = typefaces
        self.pixelsPerUnit = pixelsPerUnit
        context = cairo_create(surface)
        let scale = pixelsPerUnit ?? 1
        cairo_scale(context, scale, scale)
        cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        useUnhintedText()
    }

    deinit { cairo_destroy(context) }

    private static let turn = Mutex(())

    /// Lets one thread at a time draw: FreeType's faces and the glyphs that Cairo keeps of them are shared.
    static func exclusively<Value: Sendable>(_ body: (Typefaces) throws -> Value) throws -> Value {
        try turn.withLock { _ in try body(Typefaces.shared.get()) }
    }

    /// Completes the surface.
    ///
    /// - Throws: ``ImageError/encodingFailed(format:reason:)`` if any call since the surface was made has failed; Cairo
    ///   keeps the first error.
    func finish(format: String) throws {
        let drawing = cairo_status(context)
        if cairo_surface_get_type(surface) == CAIRO_SURFACE_TYPE_IMAGE {
            cairo_surface_flush(surface)
        } else {
            cairo_surface_finish(surface)
        }
        for status in [drawing, cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
            throw Self.failure(format, String(cString: cairo_status_to_string(status)))
        }
    }

    static func failure(_ format: String, _ reason: String) -> ImageError {
        .encodingFailed(format: format, reason: reason)
    }

    /// The side of a pixel in units; 0 in a document.
    var pixel: Double { pixelsPerUnit.map { 1 / $0 } ?? 0 }

    /// Rounds a coordinate to the edge of a pixel, so that rectangles are sharp.
    func aligned(_ coordinate: Double) -> Double {
        guard let pixelsPerUnit else { return coordinate }
        return (coordinate * pixelsPerUnit).rounded() / pixelsPerUnit
    }

    func use(_ color: RGBColor, opacity: Double = 1) {
        cairo_set_source_rgba(
            context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255, opacity)
    }
}

/// A position on a canvas in units.
struct Position: Equatable {
    var x: Double
    var y: Double

    var isFinite: Bool { x.isFinite && y.isFinite }
}

/// A part of a canvas in units.
struct Rectangle: Equatable {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }
}
