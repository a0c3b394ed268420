import Charts
import Images
import Testing

struct ChartTextTests {
    private func render(_ title: String) throws -> PixelImage {
        try LineChart(title: title, series: [], width: 320, height: 200).render()
    }

    /// Each of these characters has a shape of its own; a character that the font lacks is drawn as a box.
    @Test func lettersAndSymbolsAreDrawn() throws {
        let box = try render("漢")
        var images = [try render(""), try render(" "), box]
        for character in "Ag09ÄßéŁőžΔμЖя–—…“”‘’×±≤≥−→·" {
            let image = try render(String(character))
            #expect(!images.contains(image), "\(character)")
            images.append(image)
        }
    }

    @Test func composedAndDecomposedLettersLookAlike() throws {
        #expect(try render("Gro\u{308}ße") == render("Größe"))
    }

    @Test func charactersWithoutAShapeAreBoxes() throws {
        #expect(try render("漢字") == render("\u{1F600}\u{1F680}"))
        #expect(try render("a\nb\tc\u{0}d\u{2028}e") == render("a b c d e"))
        #expect(try render("a\u{200D}b\u{FE0F}c") == render("abc"))
    }

    /// Digits are equally wide, so that the labels of an axis line up.
    @Test func digitsAreTabular() throws {
        func rightmost(_ title: String) throws -> Int {
            try render(title).positions(of: RGBColor(hex: 0x1E293B)).filter { $0.y < 30 }.map(\.x).max() ?? 0
        }
        let ends = try (0...9).map { try rightmost(String(repeating: "\($0)", count: 10) + "|") }
        #expect(ends.allSatisfy { $0 == ends[0] && $0 > 100 })
    }

    @Test func longTitlesAndNamesAreShortened() throws {
        let title = String(repeating: "W", count: 1_000_000)
        #expect(try render(title) == render(String(title.prefix(1000))))
        let edge = try render(title)
        #expect((0..<200).allSatisfy { edge.color(319 - 4, $0) == RGBColor(gray: 255) })
    }
}
