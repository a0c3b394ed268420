import Foundation
import Images
import Testing

/// Writes the images that a person should look at, when `EQUIPOISE_GALLERY` names a folder.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["EQUIPOISE_GALLERY"] != nil))
struct GalleryTests {
    private let folder = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["EQUIPOISE_GALLERY"] ?? "", isDirectory: true)

    @Test func losses() throws {
        try ImageFile.write(png: Examples.losses.render(), to: folder.appendingPathComponent("losses.png"))
        try ImageFile.write(png: Examples.divergence.render(), to: folder.appendingPathComponent("divergence.png"))
        try ImageFile.write(png: Examples.short.render(), to: folder.appendingPathComponent("short.png"))
        try ImageFile.write(png: Examples.font.render(), to: folder.appendingPathComponent("font.png"))
    }

    @Test func scatter() throws {
        try ImageFile.write(png: Examples.ring.render(), to: folder.appendingPathComponent("ring.png"))
    }

    @Test func sheet() throws {
        let sheet = try SampleSheet().compose(Examples.discs)
        try ImageFile.write(png: sheet, to: folder.appendingPathComponent("sheet.png"))
    }
}
