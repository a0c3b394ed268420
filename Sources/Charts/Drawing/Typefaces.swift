import CCairo
import Images

/// The fonts of the charts: a subset of Inter that is part of the program, so text looks the same on every machine.
///
/// They are loaded once and kept for the life of the process. Only `Canvas.exclusively` hands them out, to one thread at a
/// time, because FreeType's faces cannot be shared between threads.
final class Typefaces: @unchecked Sendable {
    enum Weight { case regular, semibold }

    static let shared = Result { try Typefaces() }

    private let regular: OpaquePointer
    private let semibold: OpaquePointer

    private init() throws {
        regular = try Self.typeface(PackageResources.Regular_otf)
        semibold = try Self.typeface(PackageResources.Semibold_otf)
    }

    subscript(weight: Weight) -> OpaquePointer {
        switch weight {
        case .regular: regular
        case .semibold: semibold
        }
    }

    private static func typeface(_ bytes: [UInt8]) throws -> OpaquePointer {
        var library: FT_Library?
        var face: FT_Face?
        var error = FT_Init_FreeType(&library)
        if error == 0 {
            // FreeType reads the bytes whenever it needs a glyph.
            let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
            _ = copy.initialize(from: bytes)
            error = FT_New_Memory_Face(library, copy.baseAddress, FT_Long(copy.count), 0, &face)
        }
        guard error == 0, let typeface = cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_DEFAULT) else {
            throw Canvas.failure("a chart", "FreeType cannot read the built-in font, error \(error)")
        }
        return typeface
    }
}
