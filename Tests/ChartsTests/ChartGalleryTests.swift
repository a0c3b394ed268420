import Charts
import Foundation
import Images
import Testing

/// Writes the charts that a person should look at, when `EQUIPOISE_GALLERY` names a folder.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["EQUIPOISE_GALLERY"] != nil))
struct ChartGalleryTests {
    private let folder = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["EQUIPOISE_GALLERY"] ?? "", isDirectory: true)

    @Test(arguments: ChartExamples.all)
    func chart(name: String, chart: any Chart) throws {
        try ImageFile.write(png: chart.render(), to: folder.appendingPathComponent("\(name).png"))
        try chart.svg().write(to: folder.appendingPathComponent("\(name).svg"))
        try chart.pdf().write(to: folder.appendingPathComponent("\(name).pdf"))
    }

    @Test func figure() throws {
        let image = try ChartExamples.figure.render(scale: 8.0 / 3)
        try ImageFile.write(png: image, to: folder.appendingPathComponent("figure-large.png"))
    }
}
