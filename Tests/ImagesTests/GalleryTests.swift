import Foundation
import Images
import Testing

/// Writes the images that a person should look at, when `EQUIPOISE_GALLERY` names a folder.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["EQUIPOISE_GALLERY"] != nil))
struct GalleryTests {
    private let folder = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["EQUIPOISE_GALLERY"] ?? "", isDirectory: true)

    @Test func sheet() throws {
        let sheet = try SampleSheet().compose(Examples.discs)
        try ImageFile.write(png: sheet, to: folder.appendingPathComponent("sheet.png"))
    }
}
