import CCairo
import Foundation
import Images

/// Draws SVG and PDF documents.
enum VectorSurface {
    static func svg(title: String, width: Int, height: Int, _ draw: (Canvas) -> Void) throws -> Data {
        let document = try document(format: "SVG", draw) { write, bytes in
            let surface = cairo_svg_surface_create_for_stream(write, bytes, Double(width), Double(height))
            cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX)
            return surface
        }
        return SVGDocument.completed(document, title: title)
    }

    static func pdf(title: String, width: Int, height: Int, _ draw: (Canvas) -> Void) throws -> Data {
        try document(format: "PDF", draw) { write, bytes in
            let surface = cairo_pdf_surface_create_for_stream(write, bytes, Double(width), Double(height))
            cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, OneLine.text(title))
            // Without a date, the same chart gives the same bytes.
            cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "")
            return surface
        }
    }

    private final class Bytes { var data = Data() }

    private static func document(
        format: String, _ draw: (Canvas) -> Void,
        surface make: (cairo_write_func_t, UnsafeMutableRawPointer) -> OpaquePointer?
    ) throws -> Data {
        let bytes = Bytes()
        return try withExtendedLifetime(bytes) {
            try Canvas.exclusively { typefaces in
                let append: cairo_write_func_t = { target, start, count in
                    guard let target, let start else { return CAIRO_STATUS_WRITE_ERROR }
                    Unmanaged<Bytes>.fromOpaque(target).takeUnretainedValue().data.append(start, count: Int(count))
                    return CAIRO_STATUS_SUCCESS
                }
                let surface = make(append, Unmanaged.passUnretained(bytes).toOpaque())
                defer { cairo_surface_destroy(surface) }
                let canvas = Canvas(surface, typefaces, pixelsPerUnit: nil)
                draw(canvas)
                try canvas.finish(format: format)
                return bytes.data
            }
        }
    }
}
